using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Results;

/// <summary>What the results of a batch say of their making.</summary>
/// <param name="Batch">The batch's name.</param>
/// <param name="ModelVersion">The model that predicted all of it.</param>
/// <param name="Schema">That model's keypoints and frame.</param>
/// <param name="StartedAt">When, UTC.</param>
public sealed record BatchRun(string Batch, string ModelVersion, KeypointSchema Schema, DateTimeOffset StartedAt);

/// <summary><c>results/{batch}/summary.json</c>.</summary>
/// <param name="Batch">The batch's name.</param>
/// <param name="ModelVersion">The model that predicted all of it.</param>
/// <param name="Images">Images found: the rows of <c>keypoints.csv</c>.</param>
/// <param name="Succeeded">Images with keypoints.</param>
/// <param name="Failed">Images without: the rows of <c>errors.csv</c>.</param>
/// <param name="Overlays">Files in <c>overlays/</c>.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="FinishedAt">When the results were whole, UTC.</param>
/// <param name="Seconds">Between the two.</param>
/// <param name="Schema">Keypoints and frame of the model.</param>
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
    KeypointSchema Schema);
