// The trainer's jobs, one for each kind of machine. hooks/build-trainer deploys them after it has built the images, because a job cannot
// be created without an image. So a job never runs a placeholder.

import { gpuChoice, trainerProfiles } from 'names.bicep'

@description('GPU kinds to train on: the same as when the environment was created.')
param gpuProfiles gpuChoice

@description('Version of the images: keypoint-trainer:<version>-cpu and, with GPUs, -cuda.')
param version string

param environmentName string
param environmentTag string
param registryName string
param identityName string
param dataAccountName string
param insightsName string

@description('The function app\'s identity; it starts the jobs.')
param operatorPrincipalId string

resource environment 'Microsoft.App/managedEnvironments@2026-07-01' existing = {
  name: environmentName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: dataAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

module job 'modules/trainer-job.bicep' = [
  for p in filter(trainerProfiles, p => empty(p.gpu) || contains(gpuProfiles, p.gpu)): {
    params: {
      location: environment.location
      tags: { 'azd-env-name': environmentTag }
      name: p.job
      environmentId: environment.id
      workloadProfile: p.profile
      image: '${registry.properties.loginServer}/keypoint-trainer:${version}-${p.image}'
      registryServer: registry.properties.loginServer
      precision: p.precision
      cpu: p.cpu
      memory: p.memory
      identityId: identity.id
      identityClientId: identity.properties.clientId
      storageUri: account.properties.primaryEndpoints.blob
      insightsConnectionString: insights.properties.ConnectionString
      operatorPrincipalId: operatorPrincipalId
    }
  }
]
