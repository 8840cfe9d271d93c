using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary><c>prepared/{datasetId}/dataset.json</c>.</summary>
/// <param name="DatasetId">Derived from the prepared content: the same rows give the same id, whatever the file was called.</param>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="Rows">Accepted rows, N.</param>
/// <param name="Labels">Present labels (both coordinates) per keypoint, in schema order.</param>
/// <param name="CompleteRows">Rows with every keypoint labelled.</param>
/// <param name="Source">The file it came from, as dropped.</param>
/// <param name="SourceETag">That blob's ETag, or null where it came from a plain file.</param>
/// <param name="PreparedAt">When, UTC.</param>
public sealed record DatasetManifest(
    string DatasetId,
    KeypointSchema Schema,
    int Rows,
    IReadOnlyList<int> Labels,
    int CompleteRows,
    string Source,
    string? SourceETag,
    DateTimeOffset PreparedAt);
