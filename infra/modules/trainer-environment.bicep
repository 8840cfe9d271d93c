// The environment of the trainer's jobs. GPU profiles have no instance counts: they scale from zero by themselves.

import { gpuChoice, trainerProfiles } from '../names.bicep'

param location string
param tags object
param token string

@description('GPU kinds that the environment offers in addition to the CPU.')
param gpuProfiles gpuChoice

param workspaceId string

var profiles = filter(trainerProfiles, p => empty(p.gpu) || contains(gpuProfiles, p.gpu))

resource environment 'Microsoft.App/managedEnvironments@2026-07-01' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    workloadProfiles: [for p in profiles: { name: p.profile, workloadProfileType: p.profileType }]
    // Through a diagnostic setting, because the direct way needs the workspace's key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    zoneRedundant: false
  }
}

// The newest version without preview is from 2016 and has no workspace.
#disable-next-line use-recent-api-versions
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

output name string = environment.name
