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
    string Batch, string ModelVersion, KeypointSchema Schema, DateTimeOffset StartedAt, LabelGaps Gaps, PassedOverFiles? PassedOver = null);

/// <summary><c>results/{batch}/summary.json</c>.</summary>
/// <param name="Batch">The batch's name.</param>
/// <param name="ModelVersion">The model that predicted all of it.</param>
/// <param name="Images">Number of images: the rows of <c>keypoints.csv</c>, or of all its parts.</param>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images that failed: the rows of <c>errors.csv</c>.</param>
/// <param name="Overlays">Files in <c>overlays/</c>.</param>
/// <param name="StartedAt">When the batch was listed, UTC.</param>
/// <param name="FinishedAt">When the results were complete, UTC.</param>
/// <param name="Seconds">Seconds between the two.</param>
/// <param name="Schema">Keypoints and frame of the model.</param>
/// <param name="Gaps">Keypoints without predictions, whose columns are empty, and keypoints whose uncertainty is not calibrated.</param>
/// <param name="PassedOver">Files that are no images by name. They count neither as images nor as failed. Null if there are none.</param>
/// <param name="Tables">The tables of a large batch, which are in parts, in order. Null if there is one set of them:
/// <c>keypoints.csv</c>, <c>keypoints.jsonl</c> and <c>errors.csv</c>.</param>
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
    IReadOnlyList<ResultTables>? Tables = null);

/// <summary>The tables of a part of a large batch.</summary>
/// <param name="Csv">Name of the part of <c>keypoints.csv</c>.</param>
/// <param name="JsonLines">Name of the part of <c>keypoints.jsonl</c>.</param>
/// <param name="Errors">Name of the part of <c>errors.csv</c>.</param>
/// <param name="Images">Number of images: the rows of the first two.</param>
/// <param name="Failed">Images that failed: the rows of the third.</param>
public sealed record ResultTables(string Csv, string JsonLines, string Errors, int Images, int Failed);
