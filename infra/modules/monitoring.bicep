// Logs, traces and metrics: one workspace and one Application Insights component, without keys.

import { roles } from '../roles.bicep'

param location string
param tags object
param token string

@description('Maximum GB of logs per day. The workspace drops further logs until the next day.')
param dailyQuotaGb int

@description('Principals that may write telemetry.')
param writers string[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for writer in writers: {
    scope: insights
    name: guid(insights.id, writer, roles.monitoringMetricsPublisher)
    properties: {
      principalId: writer
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
    }
  }
]

output workspaceId string = workspace.id
output insightsName string = insights.name
