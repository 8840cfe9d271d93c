namespace KeypointPipeline.Port;

/// <summary>The triggers that an earlier version of a host remembered in its own files. This version records drops in storage, and only
/// asks here for drops that it has no record of.</summary>
public interface IEarlierTriggers
{
    /// <summary>Finds out whether an earlier version handled a trigger.</summary>
    /// <param name="triggerKey">The trigger's key as that version wrote it: a blob's container, name and ETag.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken);
}
