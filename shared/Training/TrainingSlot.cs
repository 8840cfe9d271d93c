using KeypointPipeline.Storage;

namespace KeypointPipeline.Training;

/// <summary>Ensures that only one training runs at a time: <c>runs/slot.json</c> names the instance whose turn it is. A claim expires
/// unless it is renewed, so that an instance that vanished does not block the others indefinitely. A clock that was set ahead makes a valid
/// claim look expired. So the next instance first announces that it wants the slot, and takes it only if the holder does not renew its
/// claim.</summary>
public sealed class TrainingSlot(PipelineStorage storage, TimeProvider time)
{
    /// <summary>How long a claim is valid without renewal: longer than a host is usually down.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>How long the next instance waits for the holder to renew: longer than the time between two renewals.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(15);

    /// <summary>Claims or renews the slot for an instance.</summary>
    /// <returns>The instance that holds the slot now: the caller's, or another one to wait for.</returns>
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

    /// <summary>The instance whose turn it is, or null. An expired claim counts until another instance takes the slot.</summary>
    public async Task<string?> FindHolderAsync(CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingClaim>(BlobLayout.Runs, BlobLayout.TrainingSlot, cancellationToken))?.Value.Holder;

    /// <summary>Releases the slot if the instance holds it.</summary>
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
/// <param name="Until">When the claim expires, UTC.</param>
/// <param name="ContestedAt">When the next instance found the claim expired and began to wait for its renewal, UTC; or null.</param>
public sealed record TrainingClaim(string? Holder, DateTimeOffset Until, DateTimeOffset? ContestedAt = null)
{
    /// <summary>Whether the claim is valid. A claim that would be valid for longer than <see cref="TrainingSlot.Lease"/> was made before the
    /// clock was set back, and is not.</summary>
    public bool StandsAt(DateTimeOffset now) => Until > now && Until <= now + TrainingSlot.Lease;

    /// <summary>Whether another instance waits for the holder to renew the claim.</summary>
    public bool WasContested(DateTimeOffset now) => ContestedAt <= now;

    /// <summary>Whether the holder did not renew the claim in time.</summary>
    public bool IsForfeit(DateTimeOffset now) => ContestedAt + TrainingSlot.Notice <= now;
}
