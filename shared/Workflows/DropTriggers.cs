using Azure;
using KeypointPipeline.Datasets;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows;

/// <summary>Starts the workflow of a dropped blob once per path and content, however often the blob is reported.</summary>
/// <param name="starter">Starts workflows once per trigger key.</param>
/// <param name="storage">The data account: a dataset and its sidecar are one drop. It also keeps what was not started.</param>
/// <param name="time">Gives the time of records.</param>
/// <param name="logger">Receives what was started and what looks like a mistake.</param>
public sealed class DropTriggers(ITriggerStarter starter, PipelineStorage storage, TimeProvider time, ILogger<DropTriggers> logger)
{
    /// <summary>Handles one report of a blob.</summary>
    /// <param name="container"><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</param>
    /// <param name="name">The blob.</param>
    /// <param name="etag">Its content's ETag; empty if its name is such that it cannot be asked for.</param>
    /// <param name="cancellationToken">Stops waiting; the start may still have happened.</param>
    public async Task HandleAsync(string container, string name, string etag, CancellationToken cancellationToken)
    {
        DroppedBlob drop = DroppedBlob.Classify(container, name);
        if (drop.Warning is not null)
            logger.LogWarning("{Warning}", drop.Warning);
        if (drop.IsRecorded)
            await RecordAsync(container, name, etag, drop.Warning!, cancellationToken);

        switch (drop.Kind)
        {
            case DropKind.Dataset:
                await IngestAsync(drop.Subject, etag, await new BlobSidecar(storage, drop.Subject).FindETagAsync(cancellationToken), cancellationToken);
                break;
            case DropKind.Sidecar:
                // Without its file it waits: the file's own event finds it.
                if (await storage.FindETagAsync(container, drop.Subject, cancellationToken) is ETag file)
                    await IngestAsync(drop.Subject, file.ToString(), etag, cancellationToken);
                break;
            case DropKind.Batch:
                var batch = new InferBatchInput(drop.Subject, etag);
                await StartAsync(container, name, etag, InferBatch.Ref, batch, InstanceIds.Batch(drop.Subject, etag), cancellationToken);
                break;
        }
    }

    /// <summary>Records a blob that starts nothing, once, however often it is reported.</summary>
    private async Task RecordAsync(string container, string name, string etag, string reason, CancellationToken cancellationToken)
    {
        var record = new UnstartedBlob($"{container}/{name}", etag.Length == 0 ? null : etag, time.GetUtcNow(), reason);
        await storage.TryReplaceAsync(BlobLayout.Rejected, UnstartedBlob.RecordOf(container, name), record, expected: null, cancellationToken);
    }

    private Task IngestAsync(string path, string etag, string? sidecarETag, CancellationToken cancellationToken) => StartAsync(
        BlobLayout.Datasets,
        DatasetPath.BlobOf(path),
        // Listings give ETags without quotes, and properties with them. Keys of files without sidecar stay as earlier versions wrote them.
        sidecarETag is null ? etag : $"{etag.Trim('"')}+{sidecarETag.Trim('"')}",
        IngestDataset.Ref,
        new IngestDatasetInput(path, etag),
        InstanceIds.Ingest(path, etag, sidecarETag),
        cancellationToken);

    /// <summary>Starts a workflow unless this content was seen before. A record that an earlier content was not started is done with.</summary>
    private async Task StartAsync<TInput, TOutput>(
        string container,
        string name,
        string content,
        WorkflowRef<TInput, TOutput> workflow,
        TInput input,
        string instanceId,
        CancellationToken cancellationToken)
    {
        string triggerKey = $"{container}/{name}@{content}";
        if (!await starter.StartOnceAsync(triggerKey, workflow, input, instanceId, cancellationToken))
            return;
        logger.LogInformation("{Trigger} started {Workflow} {InstanceId}", triggerKey, workflow.Name, instanceId);
        await storage.Blob(BlobLayout.Rejected, UnstartedBlob.RecordOf(container, name)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }
}
