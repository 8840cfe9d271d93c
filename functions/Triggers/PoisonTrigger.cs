using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Azure.Functions.Worker;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Records dropped blobs whose workflow could not be started in five tries. <see cref="ReconcileTrigger"/> tries them again once a
/// day.</summary>
/// <param name="triggers">Records them where the user finds them, and logs the message that the alert on poisoned blobs reads.</param>
public sealed class PoisonTrigger(DropTriggers triggers)
{
    /// <summary>Records the blob. The blob itself stays where it is.</summary>
    [Function("BlobPoisoned")]
    public Task RunAsync(
        [QueueTrigger(PoisonedBlob.Queue, Connection = StorageSettings.Section)] PoisonedBlob blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return triggers.PoisonAsync(
            blob.ContainerName,
            blob.BlobName,
            blob.ETag,
            "five tries failed. The function app's log before this time says why.",
            cancellationToken);
    }
}
