#!/bin/sh
# Builds the trainer's images in the registry, without Docker here, and creates or updates the jobs that run them.
set -eu
cd "$(dirname "$0")/../.."

product=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
commit=$(git rev-parse --short=12 HEAD 2> /dev/null || echo unversioned)
version="$product-$commit"
if [ "$commit" = unversioned ] || [ -n "$(git status --porcelain)" ]; then
  # The working tree is not a commit: the time makes the version unique.
  version="$version-$(date -u +%Y%m%d%H%M%S)"
fi

# Builds keypoint-trainer:$version-$1 for torch device $2, unless the registry has it.
build() {
  if az acr repository show --subscription "$AZURE_SUBSCRIPTION_ID" --name "$AZURE_CONTAINER_REGISTRY_NAME" \
    --image "keypoint-trainer:$version-$1" --output none 2> /dev/null; then
    echo "keypoint-trainer:$version-$1 is in the registry."
    return
  fi
  echo "Building keypoint-trainer:$version-$1 in the registry."
  az acr build --subscription "$AZURE_SUBSCRIPTION_ID" --registry "$AZURE_CONTAINER_REGISTRY_NAME" \
    --image "keypoint-trainer:$version-$1" --file trainer-job/Dockerfile --build-arg "TORCH_DEVICE=$2" \
    --timeout 7200 --output none .
}

build cpu cpu
if [ "$GPU_PROFILES" != none ]; then
  build cuda cuda-12.8
fi

echo "Creating the trainer's jobs."
az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name trainer-jobs --template-file infra/trainer-jobs.bicep --output none --parameters \
  gpuProfiles="$GPU_PROFILES" \
  version="$version" \
  environmentName="$TRAINER_ENVIRONMENT_NAME" \
  environmentTag="$AZURE_ENV_NAME" \
  registryName="$AZURE_CONTAINER_REGISTRY_NAME" \
  identityName="$TRAINER_IDENTITY_NAME" \
  dataAccountName="$DATA_STORAGE_ACCOUNT" \
  insightsName="$APPLICATION_INSIGHTS_NAME" \
  operatorPrincipalId="$TRAINER_OPERATOR_PRINCIPAL_ID"
