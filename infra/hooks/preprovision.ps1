# Runs before anything is created. It fails early if the later hooks could not work, and stores the budget's first month.
$ErrorActionPreference = 'Stop'

if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    Write-Error "The Azure CLI (az) is missing: it builds the trainer's images. Install it from https://aka.ms/azure-cli and run 'az login'."
}

az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none 2> $null
if ($LASTEXITCODE -ne 0) {
    Write-Error "The Azure CLI cannot see subscription $($env:AZURE_SUBSCRIPTION_ID): run 'az login' with the account that azd uses."
}

if (-not (Get-Command npm -ErrorAction SilentlyContinue)) {
    Write-Error "Node.js is missing: the build of the function app fetches the face finder's networks with npm. Install it from https://nodejs.org."
}

# Azure refuses another start for a budget that exists, and a past month for a new one. `azd down` deletes the budget but keeps BUDGET_START.
$budget = "/subscriptions/$($env:AZURE_SUBSCRIPTION_ID)/resourceGroups/rg-$($env:AZURE_ENV_NAME)/providers/Microsoft.Consumption/budgets/keypoints"
$start = az rest --method get --subscription $env:AZURE_SUBSCRIPTION_ID --query properties.timePeriod.startDate --output tsv `
    --url "${budget}?api-version=2026-06-01" 2> $null
$start = if ($LASTEXITCODE -eq 0 -and $start) { $start.Substring(0, 10) } else { [DateTime]::UtcNow.ToString('yyyy-MM-01') }
if ($env:BUDGET_START -ne $start) {
    azd env set BUDGET_START $start
    if ($LASTEXITCODE -ne 0) { Write-Error 'azd env set failed.' }
}
