// One job that trains on one kind of machine. Each training is one execution. The function app starts it with its arguments.

import { roles } from '../roles.bicep'

param location string
param tags object

@description('Name of the job.')
param name string

param environmentId string
param workloadProfile string

@description('Full name of the image.')
param image string

param registryServer string

@description('KEYPOINTS_PRECISION of the trainer.')
param precision string

param cpu int
param memory string

@description('The trainer\'s identity.')
param identityId string
param identityClientId string

@description('Blob endpoint of the data account.')
param storageUri string

@description('Where telemetry goes. Without the identity it opens nothing, so it is not a secret.')
param insightsConnectionString string

@description('The function app\'s identity; it starts, watches and stops executions.')
param operatorPrincipalId string

resource job 'Microsoft.App/jobs@2026-07-01' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    environmentId: environmentId
    workloadProfileName: workloadProfile
    configuration: {
      triggerType: 'Manual'
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 }
      // The workflow restarts a training from its checkpoint and knows when not to. A second layer of retries would work against it.
      replicaRetryLimit: 0
      replicaTimeout: 24 * 60 * 60
      registries: [{ server: registryServer, identity: identityId }]
    }
    template: {
      containers: [
        {
          name: 'trainer'
          image: image
          resources: { cpu: cpu, memory: memory }
          env: [
            { name: 'KEYPOINTS_STORAGE_URI', value: storageUri }
            { name: 'KEYPOINTS_PRECISION', value: precision }
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'AZURE_AUTHORITY_HOST', value: environment().authentication.loginEndpoint }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
          ]
        }
      ]
    }
  }
}

resource jobOperator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: job
  name: guid(job.id, operatorPrincipalId, roles.containerAppsJobsOperator)
  properties: {
    principalId: operatorPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.containerAppsJobsOperator)
  }
}
