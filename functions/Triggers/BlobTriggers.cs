using Azure;
using Azure.Storage.Blobs;
using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Handles dropped blobs. Event Grid reports each blob at least once, in any order. <see cref="ReconcileTrigger"/> finds those
/// whose event is lost.</summary>
/// <param name="storage">The data account.</param>
/// <param name="triggers">Starts what was dropped.</param>
public sealed class BlobTriggers(PipelineStorage storage, DropTriggers triggers)
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
        var workflows = new DurableWorkflowClient(client);
        if (BlobName.FindProblem(name) is not null)
            await triggers.HandleAsync(workflows, container, name, etag: "", cancellationToken);

        // If the blob was deleted, nothing is left to do. If it was replaced, the event of the newer upload starts the same instance.
        else if (await storage.FindETagAsync(container, name, cancellationToken) is ETag etag)
            await triggers.HandleAsync(workflows, container, name, etag.ToString(), cancellationToken);
    }
}
