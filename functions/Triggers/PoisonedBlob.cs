namespace KeypointPipeline.Functions.Triggers;

/// <summary>What the blob trigger writes to <see cref="Queue"/> after its last try.</summary>
/// <param name="ContainerName">The blob's container.</param>
/// <param name="BlobName">The blob.</param>
/// <param name="ETag">Its content at that time.</param>
public sealed record PoisonedBlob(string ContainerName, string BlobName, string? ETag)
{
    /// <summary>The queue, in the data account; its name is the Functions host's.</summary>
    public const string Queue = "webjobs-blobtrigger-poison";
}
