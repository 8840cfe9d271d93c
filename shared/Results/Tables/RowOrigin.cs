using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Results.Tables;

/// <summary>Says that a row is a prediction. A row that comes back with both values unchanged is never a label
/// (<see cref="PredictionChecksum.IsUnchanged"/>).</summary>
/// <param name="ModelVersion">The model version that predicted the points: the column <c>origin</c>.</param>
/// <param name="Checksum">The checksum of the points as they were predicted.</param>
internal sealed record RowOrigin(string ModelVersion, string Checksum);
