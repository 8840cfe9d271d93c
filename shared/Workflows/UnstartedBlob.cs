namespace KeypointPipeline.Workflows;

/// <summary>A dropped blob whose workflow could not be started, for the person who dropped it.</summary>
/// <param name="Blob">Container and name.</param>
/// <param name="ETag">Its content at that time.</param>
/// <param name="RecordedAt">When it was given up, UTC.</param>
/// <param name="Reason">What happened and what to do next.</param>
public sealed record UnstartedBlob(string Blob, string? ETag, DateTimeOffset RecordedAt, string Reason)
{
    /// <summary>Follows the blob's path in <c>rejected/</c>.</summary>
    public const string NameEnding = ".unstarted.json";
}
