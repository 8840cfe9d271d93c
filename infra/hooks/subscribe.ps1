# Subscribes the deployed functions to dropped blobs, or removes the subscriptions if EVENTS is off. The host creates the key for them when
# it first starts with blob triggers, which may be minutes after the deployment. This only asks whether the key exists. The key itself never
# leaves Azure.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')

if ($env:EVENTS -eq 'off') {
    $names = az eventgrid system-topic event-subscription list --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
        --system-topic-name $env:EVENT_TOPIC_NAME --query "[?name=='datasets' || name=='images'].name" --output tsv
    if ($LASTEXITCODE -ne 0) { Write-Error "The event subscriptions could not be listed. The reason is above. Run 'azd hooks run postdeploy' to retry." }
    foreach ($name in $names) {
        az eventgrid system-topic event-subscription delete --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
            --system-topic-name $env:EVENT_TOPIC_NAME --name $name --yes --output none
        if ($LASTEXITCODE -ne 0) { Write-Error "Event subscription $name could not be deleted. The reason is above. Run 'azd hooks run postdeploy' to retry." }
    }

    Write-Host "Events are off: the timer Reconcile alone notices what is dropped in storage account $($env:DATA_STORAGE_ACCOUNT)."
    exit 0
}

for ($tries = 1; ; $tries++) {
    $found = az functionapp keys list --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
        --name $env:AZURE_FUNCTION_APP_NAME --query "contains(keys(systemKeys), 'blobs_extension')" --output tsv 2> $null
    if ($found -eq 'true') { break }
    if ($tries -ge 30) {
        Write-Error ("The function app created no blobs_extension key in ten minutes. Check whether it starts: the portal, " +
            "$($env:AZURE_FUNCTION_APP_NAME), Diagnose. Then run 'azd hooks run postdeploy'.")
    }

    Write-Host 'Waiting for the function app to start with its blob triggers.'
    Start-Sleep -Seconds 20
}

# Event Grid calls the app once to check that it answers. A sleeping app may answer too late.
for ($tries = 1; ; $tries++) {
    az deployment group create --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
        --name event-subscriptions --template-file infra/event-subscriptions.bicep --output none --parameters `
        "functionAppName=$($env:AZURE_FUNCTION_APP_NAME)" `
        "eventTopicName=$($env:EVENT_TOPIC_NAME)" `
        "dataAccountName=$($env:DATA_STORAGE_ACCOUNT)"
    if ($LASTEXITCODE -eq 0) { break }
    if ($tries -ge 5) { Write-Error "Event Grid could not subscribe. The reason is above. Run 'azd hooks run postdeploy' to retry." }
    Write-Host 'Trying again in 30 seconds.'
    Start-Sleep -Seconds 30
}

Write-Host "Datasets and image batches dropped in storage account $($env:DATA_STORAGE_ACCOUNT) now start their workflows."
