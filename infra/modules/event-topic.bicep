// Reports every new blob of the data account. ../event-subscriptions.bicep adds its subscriptions later.

import { deadLetterContainer } from '../names.bicep'
import { roles } from '../roles.bicep'

param location string
param tags object
param token string

param dataAccountName string

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: dataAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainer
    }
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-${token}'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

// The account accepts no keys, so the topic writes dead letters with its own identity.
resource writesDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::blobs::deadLetters
  name: guid(topic.id, deadLetterContainer, roles.storageBlobDataContributor)
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

output name string = topic.name
