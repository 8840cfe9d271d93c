namespace KeypointPipeline.Workflows.Drops;

/// <summary>Content of <c>handled/_place/{container}.json</c>: how far <see cref="Reconciler"/> has looked through a container. All times are
/// those of the storage service's clock. Without this document, no run of this version has ever looked at everything.</summary>
/// <param name="Since">Everything that was written before is settled; null before the first complete pass.</param>
/// <param name="FullAt">When the last complete pass over everything began; null before the first.</param>
/// <param name="Pass">The pass that is under way; null between two passes.</param>
public sealed record ReconcilePlace(DateTimeOffset? Since = null, DateTimeOffset? FullAt = null, ReconcilePass? Pass = null);

/// <summary>A pass through a container that takes several runs.</summary>
/// <param name="StartedAt">When its listing began.</param>
/// <param name="IsFull">Whether it looks at blobs of every age.</param>
/// <param name="Next">Continuation token of the listing; null at its beginning.</param>
/// <param name="OldestOpen">When the oldest drop was written that could not be settled yet; null if there was none.</param>
public sealed record ReconcilePass(DateTimeOffset StartedAt, bool IsFull, string? Next = null, DateTimeOffset? OldestOpen = null);
