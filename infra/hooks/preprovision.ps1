# Runs before anything is created. It fails early if the later hooks could not work, and stores the budget's first month.
$ErrorActionPreference = 'Stop'

if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    Write-Error "The Azure CLI (az) is missing: it builds the trainer's images. Install it from https://aka.ms/azure-cli and run 'az login'."
}

az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none 2> $null
if ($LASTEXITCODE -ne 0) {
    Write-Error "The Azure CLI cannot see subscription $($env:AZURE_SUBSCRIPTION_ID): run 'az login' with the account that azd uses."
}

if (-not $env:BUDGET_START) {
    azd env set BUDGET_START ([DateTime]::UtcNow.ToString('yyyy-MM-01'))
    if ($LASTEXITCODE -ne 0) { Write-Error 'azd env set failed.' }
}
