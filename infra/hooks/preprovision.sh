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

if [ -z "${BUDGET_START:-}" ]; then
  azd env set BUDGET_START "$(date -u +%Y-%m-01)"
fi
