// Sends dropped blobs to the function app. Deployed by hooks/subscribe after the code: the key that Event Grid presents is made when the
// host first starts with blob triggers, and Event Grid calls the endpoint to see that it answers. The key is read here, inside Azure: it
// is in no parameter, output or log.

import { deadLetterContainer } from 'names.bicep'

param functionAppName string
param eventTopicName string
param dataAccountName string

// Azure writes a blob in several ways, and tells of some before the blob is complete. These four mean: the whole blob is there.
var complete = { operatorType: 'StringIn', key: 'data.api', values: ['CopyBlob', 'PutBlob', 'PutBlockList', 'FlushWithClose'] }

var drops = [
  { name: 'datasets', function: 'DatasetDropped', filters: [complete] }
  // Of a batch only its marker or its zip starts anything; the images themselves need not wake the app.
  {
    name: 'images'
    function: 'ImagesDropped'
    filters: [complete, { operatorType: 'StringEndsWith', key: 'subject', values: ['/_READY', '.zip'] }]
  }
]

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: dataAccountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: eventTopicName
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for drop in drops: {
    parent: topic
    name: drop.name
    properties: {
      destination: {
        endpointType: 'WebHook'
        properties: {
          endpointUrl: 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${drop.function}&code=${listKeys('${app.id}/host/default', app.apiVersion).systemKeys.blobs_extension}'
        }
      }
      filter: {
        includedEventTypes: ['Microsoft.Storage.BlobCreated']
        subjectBeginsWith: '/blobServices/default/containers/${drop.name}/blobs/'
        advancedFilters: drop.filters
      }
      eventDeliverySchema: 'EventGridSchema'
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
      deadLetterWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: { resourceId: account.id, blobContainerName: deadLetterContainer }
        }
      }
    }
  }
]
