using System.Text.Json.Serialization;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>What the end of a batch needs of a part whose tables are written. Its size is limited, whatever the size of the part.</summary>
/// <param name="Number">The part's number, from 0; null if the batch has one set of tables.</param>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images that failed.</param>
/// <param name="Overlays">Files in <c>overlays/</c>.</param>
/// <param name="Pictures">Images with a thumbnail, in order: with keypoints or without a face.</param>
/// <param name="Failures">The first failed results, without images that have no face.</param>
/// <param name="Ranked">Instances that can be ranked for labelling.</param>
/// <param name="LeastCertain">The first of them, the least certain first.</param>
internal sealed record ResultPart(
    int? Number,
    int Succeeded,
    int Failed,
    int Overlays,
    IReadOnlyList<ChunkLine> Pictures,
    IReadOnlyList<ImageResult> Failures,
    int Ranked,
    IReadOnlyList<UncertainImage> LeastCertain)
{
    /// <summary>Predicted instances. Null in parts of earlier versions: they have one for each image with keypoints.</summary>
    public int? Instances { get; init; }

    /// <summary>Results that failed: the rows of <c>errors.csv</c>. Null in parts of earlier versions: they have one for each failed
    /// image.</summary>
    public int? FailedResults { get; init; }

    /// <summary>Images that lacked a place.</summary>
    public int WithoutPlace { get; init; }

    /// <summary>Images without a face.</summary>
    public int WithoutFace { get; init; }

    /// <summary>Doubtful instances.</summary>
    public int Doubtful { get; init; }

    /// <summary>The names and rows of its tables; null if the batch has one set of them.</summary>
    [JsonIgnore]
    public ResultTables? Tables => Number is null ? null : new ResultTables(
        ResultFiles.Part(ResultFiles.Csv, Number),
        ResultFiles.Part(ResultFiles.JsonLines, Number),
        ResultFiles.Part(ResultFiles.Errors, Number),
        Succeeded + Failed,
        Failed,
        ResultFiles.Part(ResultFiles.Coco, Number));
}
