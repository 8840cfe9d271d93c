#!/bin/sh
# Runs before anything is created. It fails early if the later hooks could not work, and stores the budget's first month.
set -eu

if ! command -v az > /dev/null; then
  echo "The Azure CLI (az) is missing: it builds the trainer's images. Install it from https://aka.ms/azure-cli and run 'az login'." >&2
  exit 1
fi
if ! az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none 2> /dev/null; then
  echo "The Azure CLI cannot see subscription $AZURE_SUBSCRIPTION_ID: run 'az login' with the account that azd uses." >&2
  exit 1
fi
if ! command -v npm > /dev/null; then
  echo "Node.js is missing: the build of the function app fetches the face finder's networks with npm. Install it from https://nodejs.org." >&2
  exit 1
fi

# Azure refuses another start for a budget that exists, and a past month for a new one. `azd down` deletes the budget but keeps BUDGET_START.
start=$(az rest --method get --subscription "$AZURE_SUBSCRIPTION_ID" --query properties.timePeriod.startDate --output tsv 2> /dev/null \
  --url "/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/rg-$AZURE_ENV_NAME/providers/Microsoft.Consumption/budgets/keypoints?api-version=2026-06-01" \
  | cut -c 1-10)
if [ -z "$start" ]; then
  start=$(date -u +%Y-%m-01)
fi
if [ "${BUDGET_START:-}" != "$start" ]; then
  azd env set BUDGET_START "$start"
fi
