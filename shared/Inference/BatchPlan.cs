using KeypointPipeline.Images;

namespace KeypointPipeline.Inference;

/// <summary>A batch that is listed and split into chunks. The chunks' image names are in <c>results/{batch}/_work/{instance}/</c>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ETag">ETag of the marker or zip that started it.</param>
/// <param name="InstanceId">The workflow instance that predicts it and owns the work folder.</param>
/// <param name="ModelVersion">The version that predicts all of it.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="ChunkSize">Images per chunk; the last chunk may have fewer.</param>
/// <param name="Zip">Whether the images are entries of <c>images/{batch}.zip</c> instead of single blobs.</param>
/// <param name="StartedAt">When it was listed, UTC.</param>
/// <param name="PassedOver">Files that are no images by name; null if there are none, or in histories of earlier versions.</param>
public sealed record BatchPlan(
    string Batch, string ETag, string InstanceId, string ModelVersion, int Images, int Chunks, int ChunkSize, bool Zip, DateTimeOffset StartedAt,
    PassedOverFiles? PassedOver = null);
