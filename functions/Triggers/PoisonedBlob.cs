namespace KeypointPipeline.Functions.Triggers;

/// <summary>The message that the blob trigger writes to <see cref="Queue"/> after its last try.</summary>
/// <param name="ContainerName">Name of the blob's container.</param>
/// <param name="BlobName">Name of the blob.</param>
/// <param name="ETag">ETag of the blob at that time.</param>
public sealed record PoisonedBlob(string ContainerName, string BlobName, string? ETag)
{
    /// <summary>Name of the queue in the data account. The Functions host defines it.</summary>
    public const string Queue = "webjobs-blobtrigger-poison";
}
