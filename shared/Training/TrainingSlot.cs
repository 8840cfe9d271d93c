using KeypointPipeline.Storage;

namespace KeypointPipeline.Training;

/// <summary>One training at a time: <c>runs/slot.json</c> names the instance whose turn it is. The claim lapses unless it is
/// renewed, so that an instance that vanished without a trace does not block the next one for ever. A clock that was set ahead makes a
/// claim look lapsed; so the next one says that it wants the slot, and takes it only where the holder does not answer by renewing.</summary>
public sealed class TrainingSlot(PipelineStorage storage, TimeProvider time)
{
    /// <summary>How long a claim holds without renewal: longer than a host is usually away.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>How long the next one waits for the holder's answer: longer than the time between two renewals.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(15);

    /// <summary>Claims or renews the slot for an instance.</summary>
    /// <returns>The instance that holds it afterwards: the caller's, or the one to wait for.</returns>
    public async Task<string> AcquireAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await storage.ReadAsync<TrainingClaim>(BlobLayout.Runs, BlobLayout.TrainingSlot, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            if (current?.Value is { Holder: string holder } held && holder != instanceId && !held.IsForfeit(now))
            {
                if (held.StandsAt(now) || held.WasContested(now)
                    || await storage.TryReplaceAsync(
                        BlobLayout.Runs, BlobLayout.TrainingSlot, held with { ContestedAt = now }, current.ETag, cancellationToken))
                    return holder;
                continue;
            }

            var claim = new TrainingClaim(instanceId, now + Lease);
            if (await storage.TryReplaceAsync(BlobLayout.Runs, BlobLayout.TrainingSlot, claim, current?.ETag, cancellationToken))
                return instanceId;
        }
    }

    /// <summary>Whose turn it is, or null; a claim that lapsed counts as long as nobody else took the slot.</summary>
    public async Task<string?> FindHolderAsync(CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingClaim>(BlobLayout.Runs, BlobLayout.TrainingSlot, cancellationToken))?.Value.Holder;

    /// <summary>Gives the slot back if the instance holds it.</summary>
    public async Task ReleaseAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await storage.ReadAsync<TrainingClaim>(BlobLayout.Runs, BlobLayout.TrainingSlot, cancellationToken);
            if (current?.Value.Holder != instanceId)
                return;
            var free = new TrainingClaim(null, time.GetUtcNow());
            if (await storage.TryReplaceAsync(BlobLayout.Runs, BlobLayout.TrainingSlot, free, current.ETag, cancellationToken))
                return;
        }
    }
}

/// <summary><c>runs/slot.json</c>.</summary>
/// <param name="Holder">The instance whose turn it is, or null.</param>
/// <param name="Until">When the claim lapses, UTC.</param>
/// <param name="ContestedAt">Since when the next one, who finds it lapsed, waits for the holder to renew it, UTC.</param>
public sealed record TrainingClaim(string? Holder, DateTimeOffset Until, DateTimeOffset? ContestedAt = null)
{
    /// <summary>Whether it holds. One that seems to hold for longer than claims do was made before the clock was set back.</summary>
    public bool StandsAt(DateTimeOffset now) => Until > now && Until <= now + TrainingSlot.Lease;

    /// <summary>Whether the holder has been given notice.</summary>
    public bool WasContested(DateTimeOffset now) => ContestedAt <= now;

    /// <summary>Whether the holder did not answer.</summary>
    public bool IsForfeit(DateTimeOffset now) => ContestedAt + TrainingSlot.Notice <= now;
}
