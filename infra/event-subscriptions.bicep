// Sends events of dropped blobs to the function app. hooks/subscribe deploys it after the code, for two reasons: the host creates the key
// that Event Grid presents when it first starts with blob triggers, and Event Grid calls the endpoint to check that it answers. The
// template reads the key inside Azure. The key is in no parameter, output or log. With EVENTS=off the hook deletes these subscriptions instead.

import { deadLetterContainer } from 'names.bicep'

param functionAppName string
param eventTopicName string
param dataAccountName string

// Azure reports some kinds of writes before the blob is complete. These four kinds mean that it is complete.
var complete = { operatorType: 'StringIn', key: 'data.api', values: ['CopyBlob', 'PutBlob', 'PutBlockList', 'FlushWithClose'] }

// Only blobs that start a workflow wake the app: a folder's or batch's marker, a labelled file, its sidecar (.json), a zip. A folder's
// 100,000 pictures do not. .json and .xml start nothing by themselves, but their refusal says what to do. Reconcile finds all other names
// that are mistakes. Event Grid compares without regard to case, and a subscription may have 25 values in all its filters.
var drops = [
  {
    name: 'datasets'
    function: 'DatasetDropped'
    filters: [
      complete
      {
        operatorType: 'StringEndsWith'
        key: 'subject'
        values: ['/_READY', '.csv', '.tsv', '.csv.gz', '.tsv.gz', '.zip', '.json', '.xml']
      }
    ]
  }
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
