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
/// <param name="time">Passed to <see cref="DropTriggers"/>.</param>
/// <param name="logger">Passed to <see cref="DropTriggers"/>.</param>
public sealed class BlobTriggers(PipelineStorage storage, TimeProvider time, ILogger<DropTriggers> logger)
{
    /// <summary>Handles a blob dropped in <c>datasets</c>.</summary>
    [Function("DatasetDropped")]
    public Task DatasetDroppedAsync(
        [BlobTrigger(BlobLayout.Datasets + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = StorageSettings.Section)]
        BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => HandleAsync(BlobLayout.Datasets, name, client, cancellationToken);

    /// <summary>Handles a blob dropped in <c>images</c>.</summary>
    [Function("ImagesDropped")]
    public Task ImagesDroppedAsync(
        [BlobTrigger(BlobLayout.Images + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = StorageSettings.Section)]
        BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => HandleAsync(BlobLayout.Images, name, client, cancellationToken);

    /// <summary>Handles a blob under the name in its event. A client of the blob may have normalised the name.</summary>
    private async Task HandleAsync(string container, string name, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var triggers = new DropTriggers(new DurableWorkflowClient(client), storage, time, logger);
        if (BlobName.FindProblem(name) is not null)
            await triggers.HandleAsync(container, name, etag: "", cancellationToken);

        // If the blob was deleted, nothing is left to do. If it was replaced, the event of the newer upload starts the same instance.
        else if (await storage.FindETagAsync(container, name, cancellationToken) is ETag etag)
            await triggers.HandleAsync(container, name, etag.ToString(), cancellationToken);
    }
}
