#!/bin/sh
# Subscribes the deployed functions to dropped blobs, or removes the subscriptions if EVENTS is off. The host creates the key for them when
# it first starts with blob triggers, which may be minutes after the deployment. This only asks whether the key exists. The key itself never
# leaves Azure.
set -eu
cd "$(dirname "$0")/../.."

if [ "${EVENTS:-on}" = off ]; then
  names=$(az eventgrid system-topic event-subscription list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
    --system-topic-name "$EVENT_TOPIC_NAME" --query "[?name=='datasets' || name=='images'].name" --output tsv)
  for name in $names; do
    az eventgrid system-topic event-subscription delete --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
      --system-topic-name "$EVENT_TOPIC_NAME" --name "$name" --yes --output none
  done
  echo "Events are off: the timer Reconcile alone notices what is dropped in storage account $DATA_STORAGE_ACCOUNT."
  exit 0
fi

tries=0
until [ "$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name "$AZURE_FUNCTION_APP_NAME" --query "contains(keys(systemKeys), 'blobs_extension')" --output tsv 2> /dev/null)" = true ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "The function app created no blobs_extension key in ten minutes. Check whether it starts: the portal, $AZURE_FUNCTION_APP_NAME, Diagnose." \
      "Then run 'azd hooks run postdeploy'." >&2
    exit 1
  fi
  echo "Waiting for the function app to start with its blob triggers."
  sleep 20
done

# Event Grid calls the app once to check that it answers. A sleeping app may answer too late.
tries=0
until az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name event-subscriptions --template-file infra/event-subscriptions.bicep --output none --parameters \
  functionAppName="$AZURE_FUNCTION_APP_NAME" \
  eventTopicName="$EVENT_TOPIC_NAME" \
  dataAccountName="$DATA_STORAGE_ACCOUNT"; do
  tries=$((tries + 1))
  if [ "$tries" -ge 5 ]; then
    echo "Event Grid could not subscribe. The reason is above. Run 'azd hooks run postdeploy' to retry." >&2
    exit 1
  fi
  echo "Trying again in 30 seconds."
  sleep 30
done
echo "Datasets and image batches dropped in storage account $DATA_STORAGE_ACCOUNT now start their workflows."
