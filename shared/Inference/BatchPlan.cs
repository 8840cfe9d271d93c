using System.Text.Json.Serialization;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;

namespace KeypointPipeline.Inference;

/// <summary>A batch that is listed and split into chunks. The chunks' image names are in <c>results/{batch}/_work/{instance}/</c>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="ETag">ETag of the marker or zip that started it.</param>
/// <param name="InstanceId">The workflow instance that predicts it and owns the work folder.</param>
/// <param name="ModelVersion">The version that predicts all of it.</param>
/// <param name="Images">Number of images listed so far.</param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="ChunkSize">Images per chunk; the last chunk may have fewer.</param>
/// <param name="Zip">Whether the images are entries of <c>images/{batch}.zip</c> instead of single blobs.</param>
/// <param name="StartedAt">When it was listed, UTC.</param>
/// <param name="PassedOver">Files that are no images by name; null if there are none, or in histories of earlier versions.</param>
/// <param name="Next">Where the listing goes on; null once it is complete.</param>
/// <param name="Shape">How it is divided. Null in histories of earlier versions: all groups of chunks are children of the batch, and one
/// step merges them.</param>
/// <param name="Boxes">The file that states where the pictures' instances are. Null if there is none, if the model does not need it, and
/// in histories of earlier versions.</param>
/// <param name="Finder">What finds the instances of pictures of which no file states where they are. Null in histories of earlier versions:
/// such pictures are predicted whole, so that all chunks of a batch are predicted alike.</param>
public sealed record BatchPlan(
    string Batch, string ETag, string InstanceId, string ModelVersion, int Images, int Chunks, int ChunkSize, bool Zip, DateTimeOffset StartedAt,
    PassedOverFiles? PassedOver = null, string? Next = null, BatchShape? Shape = null, BatchBoxes? Boxes = null,
    FinderKind? Finder = null)
{
    /// <summary>Number of sections. One section has no step of its own: the batch's last step merges it.</summary>
    [JsonIgnore]
    public int Sections => Shape is null ? 1 : Math.Max(1, Parts(Chunks, Shape.ChunksPerSection));

    /// <summary>The chunks of a section.</summary>
    /// <param name="section">Its number, from 0.</param>
    /// <returns>The first chunk's number, and how many there are.</returns>
    public (int First, int Count) ChunksOf(int section)
    {
        int size = Shape?.ChunksPerSection ?? Chunks;
        int first = section * size;
        return (first, Math.Min(size, Chunks - first));
    }

    /// <summary>The number of parts of at most a size.</summary>
    public static int Parts(int count, int size) => (int)(((long)count + size - 1) / size);
}

/// <summary>The <see cref="Places.BoxFile"/> of a batch.</summary>
/// <param name="File">Its path below the batch, and its place in the batch's zip.</param>
/// <param name="Note">What is wrong with rows of it that no picture can report, for people; null if nothing is.</param>
public sealed record BatchBoxes(ListedImage File, string? Note);
