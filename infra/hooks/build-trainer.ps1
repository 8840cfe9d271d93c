# Builds the trainer's images in the registry, without Docker here, and creates or updates the jobs that run them.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')

$product = ([xml](Get-Content Directory.Build.props -Raw)).SelectSingleNode('//Version').InnerText
$commit = git rev-parse --short=12 HEAD 2> $null
if ($LASTEXITCODE -ne 0) { $commit = 'unversioned' }
$version = "$product-$commit"
if ($commit -eq 'unversioned' -or (git status --porcelain)) {
    # The working tree is not a commit: the time makes the version unique.
    $version += '-' + [DateTime]::UtcNow.ToString('yyyyMMddHHmmss')
}

# Builds keypoint-trainer:$version-$kind for a torch device, unless the registry has it.
function Build([string] $kind, [string] $device) {
    $image = "keypoint-trainer:$version-$kind"
    az acr repository show --subscription $env:AZURE_SUBSCRIPTION_ID --name $env:AZURE_CONTAINER_REGISTRY_NAME `
        --image $image --output none 2> $null
    if ($LASTEXITCODE -eq 0) {
        Write-Host "$image is in the registry."
        return
    }

    Write-Host "Building $image in the registry."
    az acr build --subscription $env:AZURE_SUBSCRIPTION_ID --registry $env:AZURE_CONTAINER_REGISTRY_NAME `
        --image $image --file trainer-job/Dockerfile --build-arg "TORCH_DEVICE=$device" --timeout 7200 --output none .
    if ($LASTEXITCODE -ne 0) { Write-Error "Building $image failed; its log is above." }
}

Build cpu cpu
if ($env:GPU_PROFILES -ne 'none') { Build cuda cuda-12.8 }

Write-Host "Creating the trainer's jobs."
az deployment group create --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
    --name trainer-jobs --template-file infra/trainer-jobs.bicep --output none --parameters `
    "gpuProfiles=$($env:GPU_PROFILES)" `
    "version=$version" `
    "environmentName=$($env:TRAINER_ENVIRONMENT_NAME)" `
    "environmentTag=$($env:AZURE_ENV_NAME)" `
    "registryName=$($env:AZURE_CONTAINER_REGISTRY_NAME)" `
    "identityName=$($env:TRAINER_IDENTITY_NAME)" `
    "dataAccountName=$($env:DATA_STORAGE_ACCOUNT)" `
    "insightsName=$($env:APPLICATION_INSIGHTS_NAME)" `
    "operatorPrincipalId=$($env:TRAINER_OPERATOR_PRINCIPAL_ID)"
if ($LASTEXITCODE -ne 0) { Write-Error "Creating the trainer's jobs failed; the reason is above." }
