using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows;

/// <summary>Starts the workflow of a dropped blob once per path and content, however often the blob is reported.</summary>
public sealed class DropTriggers(ITriggerStarter starter, ILogger<DropTriggers> logger)
{
    /// <summary>Handles one report of a blob.</summary>
    /// <param name="container"><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</param>
    /// <param name="name">The blob.</param>
    /// <param name="etag">Its content's ETag.</param>
    /// <param name="cancellationToken">Stops waiting; the start may still have happened.</param>
    public async Task HandleAsync(string container, string name, string etag, CancellationToken cancellationToken)
    {
        DroppedBlob drop = DroppedBlob.Classify(container, name);
        if (drop.Warning is not null)
            logger.LogWarning("{Warning}", drop.Warning);

        string triggerKey = $"{container}/{name}@{etag}";
        switch (drop.Kind)
        {
            case DropKind.Dataset:
                var dataset = new IngestDatasetInput(drop.Subject, etag);
                await StartAsync(triggerKey, IngestDataset.Ref, dataset, InstanceIds.Ingest(drop.Subject, etag), cancellationToken);
                break;
            case DropKind.Batch:
                var batch = new InferBatchInput(drop.Subject, etag);
                await StartAsync(triggerKey, InferBatch.Ref, batch, InstanceIds.Batch(drop.Subject, etag), cancellationToken);
                break;
        }
    }

    private async Task StartAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        if (await starter.StartOnceAsync(triggerKey, workflow, input, instanceId, cancellationToken))
            logger.LogInformation("{Trigger} started {Workflow} {InstanceId}", triggerKey, workflow.Name, instanceId);
    }
}
