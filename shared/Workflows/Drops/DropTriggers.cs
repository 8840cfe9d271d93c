using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Starts the workflow of a dropped blob once per path and content, however often the blob is reported, and tells the user about
/// blobs that start nothing.</summary>
/// <param name="handled">Remembers what was started.</param>
/// <param name="storage">The data account. It keeps what was not started, where the user finds it.</param>
/// <param name="time">Gives the time of records.</param>
/// <param name="logger">Receives what was started, what looks like a mistake, and what could not be handled.</param>
public sealed class DropTriggers(HandledDrops handled, PipelineStorage storage, TimeProvider time, ILogger<DropTriggers> logger)
{
    /// <summary>Handles one report of a blob.</summary>
    /// <param name="workflows">Starts the workflow.</param>
    /// <param name="container"><see cref="BlobLayout.Datasets"/> or <see cref="BlobLayout.Images"/>.</param>
    /// <param name="name">The blob.</param>
    /// <param name="etag">Its content's ETag; empty if its name is such that it cannot be asked for.</param>
    /// <param name="cancellationToken">Stops waiting; the start may still have happened.</param>
    public async Task HandleAsync(IWorkflowClient workflows, string container, string name, string etag, CancellationToken cancellationToken)
    {
        DroppedBlob blob = DroppedBlob.Classify(container, name);
        await WarnAsync(blob, container, name, etag, cancellationToken);
        if (await Drop.FindAsync(storage, blob, name, etag, cancellationToken) is Drop drop)
            await StartAsync(workflows, drop, cancellationToken);
    }

    /// <summary>Records that the host gave up a blob after its quick tries. <see cref="Reconciler"/> tries it again once a day.</summary>
    /// <param name="container">The blob's container.</param>
    /// <param name="name">The blob.</param>
    /// <param name="etag">Its content's ETag at that time; null if it is unknown.</param>
    /// <param name="problem">Why the tries failed: a sentence for the user.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task PoisonAsync(string container, string name, string? etag, string problem, CancellationToken cancellationToken)
    {
        Drop? drop = etag is null
            ? null
            : await Drop.FindAsync(storage, DroppedBlob.Classify(container, name), name, etag, cancellationToken);
        if (drop is not null && await handled.NoteFailureAsync(drop, problem, poisoned: true, cancellationToken) is { StartedAt: not null })
        {
            logger.LogInformation("{Path} was given up and has been started nevertheless", drop.Path);
            return;
        }

        await RecordPoisonedAsync(container, name, etag, problem, cancellationToken);
    }

    /// <summary>Records a failed try of <see cref="Reconciler"/>, which tries again.</summary>
    internal async Task NoteFailureAsync(Drop drop, string problem, CancellationToken cancellationToken)
    {
        HandledDrop record = await handled.NoteFailureAsync(drop, problem, poisoned: false, cancellationToken);
        if (record is { StartedAt: null, Tries: 0 })
            await RecordPoisonedAsync(drop.Container, drop.Name, drop.ETag, problem, cancellationToken);
    }

    /// <summary>Starts a drop unless it was started before. A record that an earlier content was not started is done with.</summary>
    internal async Task StartAsync(IWorkflowClient workflows, Drop drop, CancellationToken cancellationToken)
    {
        if (!await handled.StartOnceAsync(workflows, drop, cancellationToken))
            return;
        logger.LogInformation("{Path} with ETag {ETag} is handled by {InstanceId}", drop.Path, drop.ETag, drop.InstanceId);
        await storage.Blob(BlobLayout.Rejected, UnstartedBlob.RecordOf(drop.Container, drop.Name)).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Warns about a blob that looks like a mistake. Warnings that are recorded are given once, however often the blob is
    /// reported.</summary>
    internal async Task WarnAsync(DroppedBlob blob, string container, string name, string etag, CancellationToken cancellationToken)
    {
        if (blob.Warning is not string warning)
            return;
        var record = new UnstartedBlob($"{container}/{name}", etag.Length == 0 ? null : etag, time.GetUtcNow(), warning);
        if (!blob.IsRecorded
            || await storage.TryReplaceAsync(BlobLayout.Rejected, UnstartedBlob.RecordOf(container, name), record, expected: null, cancellationToken))
            logger.LogWarning("{Warning}", warning);
    }

    private async Task RecordPoisonedAsync(string container, string name, string? etag, string problem, CancellationToken cancellationToken)
    {
        string path = $"{container}/{name}";
        string record = UnstartedBlob.RecordOf(container, name);
        string reason = $"Its workflow could not be started: {problem} It is tried again once a day, {HandledDrop.DailyTries} times. "
            + "The blob is unchanged. To try it at once, upload it again.";
        await storage.WriteAsync(BlobLayout.Rejected, record, new UnstartedBlob(path, etag, time.GetUtcNow(), reason), cancellationToken);
        logger.LogError("Blob {Blob} could not be handled: recorded as rejected/{Record}", path, record);
    }
}
