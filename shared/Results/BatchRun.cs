using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Results;

/// <summary>How the results of a batch were made.</summary>
/// <param name="Batch">The batch's name.</param>
/// <param name="ModelVersion">The model that predicted all of it.</param>
/// <param name="Schema">The model's keypoints and frame.</param>
/// <param name="StartedAt">When the batch was listed, UTC.</param>
/// <param name="Gaps">Keypoints that the model does not predict or whose uncertainty is not calibrated.</param>
/// <param name="PassedOver">Files that are no images by name, or null if there are none.</param>
public sealed record BatchRun(
    string Batch, string ModelVersion, KeypointSchema Schema, DateTimeOffset StartedAt, LabelGaps Gaps, PassedOverFiles? PassedOver = null)
{
    /// <summary>What found the instances of images of which no file states where they are.</summary>
    public FinderKind Finder { get; init; }

    /// <summary>Whether the model can tell a frame without a face: it has a gate. Models of earlier versions have none.</summary>
    public bool HasGate { get; init; }

    /// <summary>What else to say about the batch's files, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary><c>results/{batch}/summary.json</c>.</summary>
/// <param name="Batch">The batch's name.</param>
/// <param name="ModelVersion">The model that predicted all of it.</param>
/// <param name="Images">Number of images. <c>keypoints.csv</c> has a row for each of their instances.</param>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images without keypoints: those that failed, and those without a face. <c>errors.csv</c> has a row for each, and for
/// each single instance that failed.</param>
/// <param name="Overlays">Files in <c>overlays/</c>.</param>
/// <param name="StartedAt">When the batch was listed, UTC.</param>
/// <param name="FinishedAt">When the results were complete, UTC.</param>
/// <param name="Seconds">Seconds between the two.</param>
/// <param name="Schema">Keypoints and frame of the model.</param>
/// <param name="Gaps">Keypoints without predictions, whose columns are empty, and keypoints whose uncertainty is not calibrated.</param>
/// <param name="PassedOver">Files that are no images by name. They count neither as images nor as failed. Null if there are none.</param>
/// <param name="Tables">The tables of a large batch, which are in parts, in order. Null if there is one set of them:
/// <c>keypoints.csv</c>, <c>keypoints.jsonl</c>, <c>errors.csv</c> and <c>coco.json</c>.</param>
public sealed record BatchSummary(
    string Batch,
    string ModelVersion,
    int Images,
    int Succeeded,
    int Failed,
    int Overlays,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    double Seconds,
    KeypointSchema Schema,
    LabelGaps? Gaps = null,
    PassedOverFiles? PassedOver = null,
    IReadOnlyList<ResultTables>? Tables = null)
{
    /// <summary>Number of predicted instances; null in summaries of earlier versions, which have one for each image with keypoints.</summary>
    public int? Instances { get; init; }

    /// <summary>Number of images whose instances nothing located, although the model needs that: the whole image was used, and the points
    /// may be wrong. Null if there are none.</summary>
    public int? WithoutPlace { get; init; }

    /// <summary>Number of images in which no face was found, and of which the model is too uncertain as a whole. They count in
    /// <see cref="Failed"/>. Null if there are none.</summary>
    public int? WithoutFace { get; init; }

    /// <summary>Number of predicted instances whose points may be wrong, because the model is too uncertain of them. Null if there are
    /// none.</summary>
    public int? Doubtful { get; init; }

    /// <summary>What may be wrong, for people, one sentence each. Null if nothing is known.</summary>
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary>The tables of a part of a large batch.</summary>
/// <param name="Csv">Name of the part of <c>keypoints.csv</c>.</param>
/// <param name="JsonLines">Name of the part of <c>keypoints.jsonl</c>.</param>
/// <param name="Errors">Name of the part of <c>errors.csv</c>.</param>
/// <param name="Images">Number of images. The first two have a row for each of their instances.</param>
/// <param name="Failed">Images that failed.</param>
/// <param name="Coco">Name of the part of <c>coco.json</c>; null in results of earlier versions.</param>
public sealed record ResultTables(string Csv, string JsonLines, string Errors, int Images, int Failed, string? Coco = null);
