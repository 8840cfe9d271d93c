namespace KeypointPipeline.Inference;

/// <summary>A batch that was listed and cut into chunks; the lists of names lie in <c>results/{batch}/_work/{instance}/</c>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ETag">Of the marker or the zip that started it.</param>
/// <param name="InstanceId">The workflow instance that owns the work folder.</param>
/// <param name="ModelVersion">The version that predicts all of it.</param>
/// <param name="Images">Images found.</param>
/// <param name="Chunks">Chunks they were cut into.</param>
/// <param name="ChunkSize">Images of each but the last.</param>
/// <param name="Zip">Whether the images are entries of <c>images/{batch}.zip</c> rather than blobs of their own.</param>
/// <param name="StartedAt">When it was listed, UTC.</param>
public sealed record BatchPlan(
    string Batch, string ETag, string InstanceId, string ModelVersion, int Images, int Chunks, int ChunkSize, bool Zip, DateTimeOffset StartedAt);
