namespace KeypointPipeline.Workflows.Drops;

/// <summary>How much one run of <see cref="Reconciler"/> does in each container. What is left is done by the next runs, from the place
/// where this one stopped. The defaults keep a run below a few minutes.</summary>
public sealed record ReconcileLimits
{
    /// <summary>Pages of the listing.</summary>
    public int Pages { get; init; } = 200;

    /// <summary>Blobs or folders in a page; 5,000 at most.</summary>
    public int PageSize { get; init; } = 5_000;

    /// <summary>Requests for markers and records, counted at the end of a page.</summary>
    public int Looks { get; init; } = 10_000;

    /// <summary>Requests for markers of batches that this process has seen before. They take turns: a marker that is written again starts its
    /// batch again.</summary>
    public int KnownMarkers { get; init; } = 10_000;

    /// <summary>Drops that are started.</summary>
    public int Starts { get; init; } = 1_000;
}
