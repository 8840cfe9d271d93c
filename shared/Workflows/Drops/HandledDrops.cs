using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Workflows.Drops;

/// <summary>Starts drops once and remembers them in <see cref="BlobLayout.Handled"/>. The order is: record, start, confirm. The start is
/// idempotent by the instance's id, so a crash between two of these loses nothing and starts nothing twice.</summary>
/// <param name="storage">The account.</param>
/// <param name="time">Gives the times of records.</param>
/// <param name="earlier">What an earlier version of this host remembered; null if it remembered nothing.</param>
public sealed class HandledDrops(PipelineStorage storage, TimeProvider time, IEarlierTriggers? earlier = null)
{
    /// <summary>Finds a drop's record, or null if it was never handled.</summary>
    public async Task<HandledDrop?> FindAsync(Drop drop, CancellationToken cancellationToken) => (await ReadAsync(drop, cancellationToken))?.Value;

    /// <summary>Starts a drop unless it was started before.</summary>
    /// <returns>False if an earlier start was confirmed.</returns>
    public async Task<bool> StartOnceAsync(IWorkflowClient workflows, Drop drop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(drop);
        HandledDrop record = await RecordAsync(drop, cancellationToken);
        if (record.StartedAt is not null)
            return false;
        if (!await WasHandledEarlierAsync(drop, cancellationToken))
            await drop.StartAsync(workflows, cancellationToken);
        await ConfirmAsync(drop, record, cancellationToken);
        return true;
    }

    /// <summary>Starts a drop that a person asks for. Starts it again if its instance is gone, although it was started before.</summary>
    public async Task StartOnRequestAsync(IWorkflowClient workflows, Drop drop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(drop);
        HandledDrop record = await RecordAsync(drop, cancellationToken);
        await drop.StartAsync(workflows, cancellationToken);
        if (record.StartedAt is null)
            await ConfirmAsync(drop, record, cancellationToken);
    }

    /// <summary>Records a drop as started that an earlier version of the pipeline handled.</summary>
    internal async Task AdoptAsync(Drop drop, CancellationToken cancellationToken)
    {
        HandledDrop record = await RecordAsync(drop, cancellationToken);
        if (record.StartedAt is null)
            await ConfirmAsync(drop, record, cancellationToken);
    }

    /// <summary>Records a failed try, unless the drop was started meanwhile.</summary>
    /// <returns>The drop's record.</returns>
    internal async Task<HandledDrop> NoteFailureAsync(Drop drop, string problem, bool poisoned, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredDocument<HandledDrop>? stored = await ReadAsync(drop, cancellationToken);
            HandledDrop record = stored?.Value ?? Create(drop);
            if (record.StartedAt is not null)
                return record;
            HandledDrop next = record.AfterFailure(problem, poisoned, time.GetUtcNow());
            if (await TryReplaceAsync(drop, next, stored?.ETag, cancellationToken))
                return next;
        }
    }

    private async Task<HandledDrop> RecordAsync(Drop drop, CancellationToken cancellationToken)
    {
        HandledDrop record = Create(drop);
        while (!await TryReplaceAsync(drop, record, expected: null, cancellationToken))
        {
            if (await FindAsync(drop, cancellationToken) is HandledDrop known)
                return known;
        }

        return record;
    }

    /// <summary>Overwrites any other content: once started, a drop stays started.</summary>
    private Task ConfirmAsync(Drop drop, HandledDrop record, CancellationToken cancellationToken) => storage.WriteAsync(
        BlobLayout.Handled, drop.Record, record with { StartedAt = time.GetUtcNow() }, cancellationToken);

    private HandledDrop Create(Drop drop) => new(drop.Path, drop.ETag, drop.InstanceId, time.GetUtcNow(), drop.SidecarETag);

    private Task<StoredDocument<HandledDrop>?> ReadAsync(Drop drop, CancellationToken cancellationToken) =>
        storage.ReadAsync<HandledDrop>(BlobLayout.Handled, drop.Record, cancellationToken);

    /// <summary>Creates or replaces a record. A storage of an earlier version lacks the container.</summary>
    private async Task<bool> TryReplaceAsync(Drop drop, HandledDrop record, ETag? expected, CancellationToken cancellationToken)
    {
        try
        {
            return await storage.TryReplaceAsync(BlobLayout.Handled, drop.Record, record, expected, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await storage.Container(BlobLayout.Handled).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await storage.TryReplaceAsync(BlobLayout.Handled, drop.Record, record, expected, cancellationToken);
        }
    }

    private async Task<bool> WasHandledEarlierAsync(Drop drop, CancellationToken cancellationToken)
    {
        foreach (string key in earlier is null ? [] : drop.EarlierKeys)
        {
            if (await earlier!.HasSeenAsync(key, cancellationToken))
                return true;
        }

        return false;
    }
}
