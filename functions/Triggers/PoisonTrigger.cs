using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Dropped blobs whose workflow could not be started in five tries.</summary>
/// <param name="storage">The data account.</param>
/// <param name="time">Dates the record.</param>
/// <param name="logger">The alert on poisoned blobs reads its message.</param>
public sealed class PoisonTrigger(PipelineStorage storage, TimeProvider time, ILogger<PoisonTrigger> logger)
{
    /// <summary>Records the blob beside refused datasets, <c>rejected/{container}/{path}.unstarted.json</c>; the blob itself stays where it is.</summary>
    [Function("BlobPoisoned")]
    public async Task RunAsync(
        [QueueTrigger(PoisonedBlob.Queue, Connection = StorageSettings.Section)] PoisonedBlob blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        string path = $"{blob.ContainerName}/{blob.BlobName}";
        var record = new UnstartedBlob(
            path,
            blob.ETag,
            time.GetUtcNow(),
            "Its workflow could not be started in five tries; the function app's log from before this time says why. "
            + "The blob is untouched: upload it again once the cause is mended.");
        await storage.WriteAsync(BlobLayout.Rejected, $"{path}{UnstartedBlob.NameEnding}", record, cancellationToken);
        logger.LogError("Blob {Blob} could not be handled: recorded as rejected/{Record}", path, $"{path}{UnstartedBlob.NameEnding}");
    }
}
