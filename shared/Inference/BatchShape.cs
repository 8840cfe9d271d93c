using System.Text.Json.Serialization;

namespace KeypointPipeline.Inference;

/// <summary>How a batch is divided into parts. It is recorded in the batch's plan: a batch that runs keeps its shape when an update
/// changes the defaults.</summary>
/// <remarks>The defaults keep every history below 1,000 entries and every step below 10 minutes. At most 16 × 16 × 16 = 4,096 chunks wait or
/// run at once. A section is 262,144 images, and a node 16,777,216.</remarks>
/// <param name="ImagesPerChunk">Maximum images of a chunk: few enough to repeat, many enough that starting a chunk costs little.</param>
/// <param name="ChunksPerGroup">Chunks of a group. One child workflow predicts them side by side.</param>
/// <param name="GroupsPerSection">Groups of a section. A section has result files of its own; a batch of one section has one set of them.</param>
/// <param name="SectionsPerNode">Maximum children of a workflow that runs sections or nodes.</param>
/// <param name="AtOnce">Maximum groups of a section, and sections of a node, that run at once.</param>
public sealed record BatchShape(
    int ImagesPerChunk = 256, int ChunksPerGroup = 16, int GroupsPerSection = 64, int SectionsPerNode = 64, int AtOnce = 16)
{
    /// <summary>The shape of new batches.</summary>
    public static BatchShape Default { get; } = new();

    /// <summary>Chunks of a section; the last section may have fewer.</summary>
    [JsonIgnore]
    public int ChunksPerSection => ChunksPerGroup * GroupsPerSection;

    /// <summary>Maximum rows of a result file.</summary>
    [JsonIgnore]
    public int ImagesPerSection => ImagesPerChunk * ChunksPerSection;
}
