// Dropped files and the pipeline's results, in the containers of shared/Storage/BlobLayout.cs.

import { deadLetterContainer } from '../names.bicep'
import { roles } from '../roles.bicep'

param location string
param tags object
param token string

@description('The function app\'s identity: reads and writes everything.')
param appPrincipalId string

@description('The trainer\'s identity: reads prepared datasets, writes runs.')
param trainerPrincipalId string

@description('Person or group that may drop data and read results; empty for nobody.')
param userPrincipalId string

@description('Days to keep a training run\'s files (request, status, metrics, checkpoint) after their last change.')
param runRetentionDays int

@description('Days to keep a batch\'s results after their last change.')
param resultRetentionDays int

@description('Days in which a deleted or overwritten blob can be restored.')
param softDeleteDays int

var containers = ['datasets', 'prepared', 'reports', 'rejected', 'runs', 'models', 'images', 'results', 'handled', deadLetterContainer]

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: 'stdata${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' = [
  for name in containers: {
    parent: blobs
    name: name
  }
]

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2026-04-01' = {
  parent: account
  name: 'default'
}

// Functions adds a message here for each blob that failed five tries. BlobPoisoned reads it.
resource poisonQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-04-01' = {
  parent: queues
  name: 'webjobs-blobtrigger-poison'
}

// No rule deletes what is in container handled: without its record, a drop would start again.
var expiries = [
  { rule: 'expire-runs', prefix: 'runs/', days: runRetentionDays }
  { rule: 'expire-results', prefix: 'results/', days: resultRetentionDays }
  { rule: 'expire-dead-letters', prefix: '${deadLetterContainer}/', days: 30 }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-04-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        for expiry in expiries: {
          name: expiry.rule
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: [expiry.prefix] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: expiry.days } } }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

// Microsoft lists these two roles for a blob trigger's connection.
var appRoles = [roles.storageBlobDataOwner, roles.storageQueueDataContributor]

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    scope: account
    name: guid(account.id, appPrincipalId, role)
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource trainerReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container[indexOf(containers, 'prepared')]
  name: guid(account.id, 'prepared', trainerPrincipalId, roles.storageBlobDataReader)
  properties: {
    principalId: trainerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource trainerWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container[indexOf(containers, 'runs')]
  name: guid(account.id, 'runs', trainerPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: trainerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

resource userRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(userPrincipalId)) {
  scope: account
  name: guid(account.id, userPrincipalId, roles.storageBlobDataContributor)
  properties: {
    principalId: userPrincipalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

output accountName string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
