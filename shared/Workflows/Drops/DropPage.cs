namespace KeypointPipeline.Workflows.Drops;

/// <summary>A page of blobs that may be drops.</summary>
/// <param name="Blobs">The blobs, in the order of the listing.</param>
/// <param name="Next">Continuation token of the next page; null after the last.</param>
/// <param name="Time">When storage answered, by its own clock.</param>
/// <param name="Looks">Requests that the page took besides the listing.</param>
internal sealed record DropPage(IReadOnlyList<SeenBlob> Blobs, string? Next, DateTimeOffset Time, int Looks);

/// <summary>A blob as it was listed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ETag">Its content's ETag; empty if it was not asked for, because nobody can ask for a blob of this name.</param>
/// <param name="Written">When it was written, by the clock of storage; null if it was not asked for.</param>
internal sealed record SeenBlob(string Name, string ETag, DateTimeOffset? Written);

/// <summary>Lists in pages what was dropped in a container.</summary>
internal interface IDropListing
{
    /// <summary>The container.</summary>
    string Container { get; }

    /// <summary>Lists one page.</summary>
    /// <param name="from">Continuation token; null for the first page.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    Task<DropPage> ListAsync(string? from, CancellationToken cancellationToken);
}
