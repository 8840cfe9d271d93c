using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Records dropped blobs whose workflow could not be started in five tries.</summary>
/// <param name="storage">The data account.</param>
/// <param name="time">Gives the time of the record.</param>
/// <param name="logger">Logs the message that the alert on poisoned blobs reads.</param>
public sealed class PoisonTrigger(PipelineStorage storage, TimeProvider time, ILogger<PoisonTrigger> logger)
{
    /// <summary>Records the blob beside rejected datasets, under the name that <see cref="UnstartedBlob.RecordOf"/> gives. The blob itself
    /// stays where it is.</summary>
    [Function("BlobPoisoned")]
    public async Task RunAsync(
        [QueueTrigger(PoisonedBlob.Queue, Connection = StorageSettings.Section)] PoisonedBlob blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        string path = $"{blob.ContainerName}/{blob.BlobName}";
        string name = UnstartedBlob.RecordOf(blob.ContainerName, blob.BlobName);
        var record = new UnstartedBlob(
            path,
            blob.ETag,
            time.GetUtcNow(),
            "Its workflow could not be started in five tries. The function app's log before this time says why. "
            + "The blob is unchanged: upload it again once the cause is fixed.");
        await storage.WriteAsync(BlobLayout.Rejected, name, record, cancellationToken);
        logger.LogError("Blob {Blob} could not be handled: recorded as rejected/{Record}", path, name);
    }
}
