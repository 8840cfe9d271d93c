// Everything KeypointPipeline needs in a subscription, except the trainer's jobs (trainer-jobs.bicep: they need an image) and the event
// subscriptions (event-subscriptions.bicep: they need the deployed code). Hooks deploy those two later. See docs/deploy.md.

targetScope = 'subscription'

import { trainerProfiles } from 'names.bicep'

@minLength(1)
@maxLength(64)
@description('Name of the azd environment. It names the resource group and tags everything in it.')
param environmentName string

@description('Azure region. For GPUs, Container Apps must offer them there; see docs/deploy.md.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Mail address for alerts and budget warnings.')
@minLength(3)
param alertEmail string

@description('GPU kinds to train on, in order of preference. The CPU is always the last resort. The default needs no quota, so every subscription can deploy it.')
@allowed(['none', 'T4', 'A100', 'A100,T4'])
param gpuProfiles string = 'none'

@allowed(['azureStorage', 'azureManaged'])
@description('Where the state of workflows is kept: the host storage account, or Durable Task Scheduler. Change it only while nothing runs, because running workflows do not move.')
param durableBackend string = 'azureStorage'

@description('When to retrain, as NCRONTAB with six fields, UTC; empty for 03:00 every night. A retraining is skipped when nothing changed.')
param retrainSchedule string = ''

@description('When to look for drops whose event was lost, as NCRONTAB with six fields, UTC; empty for every 10 minutes. Without events, it is when drops are noticed.')
param reconcileSchedule string = ''

@allowed(['on', 'off'])
@description('Whether Event Grid reports drops. It cannot reach an app without a public endpoint. When it is off, only the timer of reconcileSchedule notices drops.')
param events string = 'on'

@description('Epochs of a training; empty for the pipeline\'s own default.')
param trainingEpochs string = ''

@description('Network to train; empty for the pipeline\'s own default.')
param trainingNetwork string = ''

@description('What finds the faces of pictures: faces, boxes or whole; empty for what suits the model.')
@allowed(['', 'faces', 'boxes', 'whole'])
param finder string = ''

@allowed([2048, 4096])
@description('MB of memory of a function instance. 2048 comes with one core, 4096 with two, at twice the price a second.')
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
@description('Maximum number of function instances at a time. It bounds the cost of a large batch.')
param maximumInstanceCount int = 40

@minValue(1)
@description('A month\'s budget for the resource group, in the subscription\'s currency. It warns and stops nothing.')
param budgetAmount int = 50

@minLength(10)
@maxLength(10)
@description('First day of the month in which the budget was created, yyyy-MM-01. The preprovision hook sets it.')
param budgetStart string

@minValue(1)
@description('Maximum GB of logs per day. The workspace drops further logs until the next day.')
param dailyLogQuotaGb int = 1

@minValue(7)
@description('Days to keep a training run\'s files after their last change.')
param runRetentionDays int = 30

@minValue(1)
@description('Days to keep a batch\'s results after their last change.')
param resultRetentionDays int = 365

@minValue(1)
@maxValue(365)
@description('Days in which a deleted or overwritten blob of the data account can be restored.')
param softDeleteDays int = 7

@description('Object id of a person, group or service principal that may drop data and read results. azd passes its own user; empty for nobody.')
param principalId string = ''

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var jobProfiles = filter(trainerProfiles, p => empty(p.gpu) || contains(gpuProfiles, p.gpu))
var jobIds = [for p in jobProfiles: resourceId(subscription().subscriptionId, group.name, 'Microsoft.App/jobs', p.job)]

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    dailyQuotaGb: dailyLogQuotaGb
    writers: [identities.outputs.appPrincipalId, identities.outputs.trainerPrincipalId]
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, appPrincipalId: identities.outputs.appPrincipalId }
}

module dataStorage 'modules/data-storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    appPrincipalId: identities.outputs.appPrincipalId
    trainerPrincipalId: identities.outputs.trainerPrincipalId
    userPrincipalId: principalId
    runRetentionDays: runRetentionDays
    resultRetentionDays: resultRetentionDays
    softDeleteDays: softDeleteDays
  }
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, trainerPrincipalId: identities.outputs.trainerPrincipalId }
}

module trainerEnvironment 'modules/trainer-environment.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    gpuProfiles: gpuProfiles
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'azureManaged') {
  scope: group
  params: { location: location, tags: tags, token: token, appPrincipalId: identities.outputs.appPrincipalId }
}

module functionApp 'modules/function-app.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    identityId: identities.outputs.appId
    identityClientId: identities.outputs.appClientId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    hostTableEndpoint: hostStorage.outputs.tableEndpoint
    deploymentContainerUri: hostStorage.outputs.deploymentContainerUri
    insightsName: monitoring.outputs.insightsName
    pipelineSettings: union(
      {
        KeypointStorage__blobServiceUri: dataStorage.outputs.blobEndpoint
        KeypointStorage__queueServiceUri: dataStorage.outputs.queueEndpoint
        KeypointStorage__credential: 'managedidentity'
        KeypointStorage__clientId: identities.outputs.appClientId
        RETRAIN_SCHEDULE: empty(retrainSchedule) ? '0 0 3 * * *' : retrainSchedule
        RECONCILE_SCHEDULE: empty(reconcileSchedule) ? '0 */10 * * * *' : reconcileSchedule
        TRAINER_JOBS: join(jobIds, ',')
        AZURE_RESOURCE_MANAGER_ENDPOINT: environment().resourceManager
      },
      empty(trainingEpochs) ? {} : { TRAINING_EPOCHS: trainingEpochs },
      empty(trainingNetwork) ? {} : { TRAINING_NETWORK: trainingNetwork },
      empty(finder) ? {} : { FINDER: finder },
      durableBackend == 'azureManaged'
        ? {
            AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
            AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
            AzureFunctionsJobHost__extensions__durableTask__hubName: scheduler!.outputs.hubName
            DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identities.outputs.appClientId}'
          }
        : {}
    )
  }
}

module eventTopic 'modules/event-topic.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, dataAccountName: dataStorage.outputs.accountName }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
    eventTopicName: eventTopic.outputs.name
    email: alertEmail
  }
}

module budget 'modules/budget.bicep' = {
  scope: group
  params: { amount: budgetAmount, startDate: budgetStart, email: alertEmail }
}

// azd stores these in its environment for hooks and people. None is a secret.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = functionApp.outputs.name
output AZURE_FUNCTION_APP_URL string = 'https://${functionApp.outputs.hostName}'
output AZURE_CONTAINER_REGISTRY_NAME string = registry.outputs.name
output DATA_STORAGE_ACCOUNT string = dataStorage.outputs.accountName
output DATA_STORAGE_BLOB_ENDPOINT string = dataStorage.outputs.blobEndpoint
output APPLICATION_INSIGHTS_NAME string = monitoring.outputs.insightsName
output EVENTS string = events
output EVENT_TOPIC_NAME string = eventTopic.outputs.name
output TRAINER_ENVIRONMENT_NAME string = trainerEnvironment.outputs.name
output TRAINER_IDENTITY_NAME string = identities.outputs.trainerName
output TRAINER_OPERATOR_PRINCIPAL_ID string = identities.outputs.appPrincipalId
output GPU_PROFILES string = gpuProfiles
