#!/bin/sh
# Subscribes the deployed functions to dropped blobs. The host makes the key for it when it first starts with blob triggers, which may be
# minutes after the deployment. Only whether the key is there is asked; the key itself never leaves Azure.
set -eu
cd "$(dirname "$0")/../.."

tries=0
until [ "$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name "$AZURE_FUNCTION_APP_NAME" --query "contains(keys(systemKeys), 'blobs_extension')" --output tsv 2> /dev/null)" = true ]; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "The function app made no blobs_extension key in ten minutes. See whether it starts: the portal, $AZURE_FUNCTION_APP_NAME, Diagnose." \
      "Then run 'azd hooks run postdeploy'." >&2
    exit 1
  fi
  echo "Waiting for the function app to start with its blob triggers."
  sleep 20
done

# Event Grid calls the app once to see that it answers, and an app that sleeps may answer too late.
tries=0
until az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name event-subscriptions --template-file infra/event-subscriptions.bicep --output none --parameters \
  functionAppName="$AZURE_FUNCTION_APP_NAME" \
  eventTopicName="$EVENT_TOPIC_NAME" \
  dataAccountName="$DATA_STORAGE_ACCOUNT"; do
  tries=$((tries + 1))
  if [ "$tries" -ge 5 ]; then
    echo "Event Grid could not subscribe; the reason is above. Run 'azd hooks run postdeploy' to try again." >&2
    exit 1
  fi
  echo "Trying again in 30 seconds."
  sleep 30
done
echo "Datasets and image batches dropped in storage account $DATA_STORAGE_ACCOUNT now start their workflows."
