namespace KeypointPipeline.Workflows;

/// <summary>Tells the person who dropped a blob that its workflow could not be started.</summary>
/// <param name="Blob">The blob's container and name.</param>
/// <param name="ETag">ETag of its content at that time.</param>
/// <param name="RecordedAt">When the start was abandoned, UTC.</param>
/// <param name="Reason">What happened and what to do next.</param>
public sealed record UnstartedBlob(string Blob, string? ETag, DateTimeOffset RecordedAt, string Reason)
{
    /// <summary>Appended to the blob's path in <c>rejected/</c>.</summary>
    public const string NameEnding = ".unstarted.json";
}
