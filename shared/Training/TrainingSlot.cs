using KeypointPipeline.Storage;

namespace KeypointPipeline.Training;

/// <summary>Ensures that only one training runs at a time, in order of arrival: <c>runs/slot.json</c> names the instance whose turn it is and
/// those that wait. A claim expires unless it is renewed, so that an instance that vanished does not block the others indefinitely. So does
/// the place of an instance that waits. A clock that was set ahead makes a valid claim look expired. So the next instance first announces that
/// it found the claim expired, and the claim is lost only if it is not renewed within <see cref="Notice"/>.</summary>
public sealed class TrainingSlot(PipelineStorage storage, TimeProvider time)
{
    /// <summary>How long a claim is valid without renewal: longer than a host is usually down.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>How long the next instance waits for the holder to renew: longer than the time between two renewals.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(15);

    /// <summary>Maximum time until the first of those that wait asks again.</summary>
    public static readonly TimeSpan LongestWaitOfTheNext = TimeSpan.FromMinutes(5);

    /// <summary>Maximum time until the others that wait ask again: shorter than <see cref="Lease"/>.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    /// <summary>Claims or renews the slot for an instance, or gives it a place in the line.</summary>
    public async Task<TrainingTurn> AcquireAsync(string instanceId, CancellationToken cancellationToken)
    {
        TrainingTurn? turn = null;
        await ChangeAsync(
            claim =>
            {
                (TrainingClaim next, turn) = claim.Ask(instanceId, time.GetUtcNow());
                return next;
            },
            cancellationToken);
        return turn!;
    }

    /// <summary>Renews the claim of a training that runs, or claims the slot again if it is free. Does nothing if another instance has
    /// it.</summary>
    public Task RenewAsync(string instanceId, CancellationToken cancellationToken) => ChangeAsync(
        claim => claim.Holder is null || claim.Holder == instanceId ? claim.TakenBy(instanceId, time.GetUtcNow()) : claim, cancellationToken);

    /// <summary>Releases the slot if the instance holds it. Otherwise gives up its place in the line, if it has one.</summary>
    /// <returns>Whether it had the slot or a place.</returns>
    public async Task<bool> ReleaseAsync(string instanceId, CancellationToken cancellationToken)
    {
        bool had = false;
        await ChangeAsync(
            claim =>
            {
                had = claim.Instances.Contains(instanceId, StringComparer.Ordinal);
                return had ? claim.LeftBy(instanceId, time.GetUtcNow()) : claim;
            },
            cancellationToken);
        return had;
    }

    /// <summary>Finds the instance whose turn it is and those that wait. An expired claim counts until another instance takes the
    /// slot.</summary>
    public async Task<TrainingClaim> FindAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken))?.Value ?? new TrainingClaim(Holder: null, time.GetUtcNow());

    /// <summary>Replaces the claim under its ETag. Nothing is written if the change returns the claim that it was given.</summary>
    private async Task ChangeAsync(Func<TrainingClaim, TrainingClaim> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredDocument<TrainingClaim>? stored = await ReadAsync(cancellationToken);
            TrainingClaim current = stored?.Value ?? new TrainingClaim(Holder: null, time.GetUtcNow());
            TrainingClaim next = change(current);
            if (ReferenceEquals(next, current)
                || await storage.TryReplaceAsync(BlobLayout.Runs, BlobLayout.TrainingSlot, next, stored?.ETag, cancellationToken))
            {
                return;
            }
        }
    }

    private Task<StoredDocument<TrainingClaim>?> ReadAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync<TrainingClaim>(BlobLayout.Runs, BlobLayout.TrainingSlot, cancellationToken);
}
