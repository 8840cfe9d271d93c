using Azure;
using Azure.Storage.Blobs;
using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Handles dropped blobs. Event Grid reports each blob at least once, in any order.</summary>
/// <param name="storage">The data account.</param>
/// <param name="logger">Passed to <see cref="DropTriggers"/>.</param>
public sealed class BlobTriggers(PipelineStorage storage, ILogger<DropTriggers> logger)
{
    /// <summary>Handles a blob dropped in <c>datasets</c>.</summary>
    [Function("DatasetDropped")]
    public Task DatasetDroppedAsync(
        [BlobTrigger(BlobLayout.Datasets + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = StorageSettings.Section)]
        BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => HandleAsync(BlobLayout.Datasets, blob, client, cancellationToken);

    /// <summary>Handles a blob dropped in <c>images</c>.</summary>
    [Function("ImagesDropped")]
    public Task ImagesDroppedAsync(
        [BlobTrigger(BlobLayout.Images + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = StorageSettings.Section)]
        BlobClient blob,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => HandleAsync(BlobLayout.Images, blob, client, cancellationToken);

    private async Task HandleAsync(string container, BlobClient blob, DurableTaskClient client, CancellationToken cancellationToken)
    {
        // If the blob was deleted, nothing is left to do. If it was replaced, the event of the newer upload starts the same instance.
        if (await storage.FindETagAsync(container, blob.Name, cancellationToken) is ETag etag)
        {
            var triggers = new DropTriggers(new DurableWorkflowClient(client), storage, logger);
            await triggers.HandleAsync(container, blob.Name, etag.ToString(), cancellationToken);
        }
    }
}
