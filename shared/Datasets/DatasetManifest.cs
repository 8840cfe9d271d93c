using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Describes a prepared dataset. Stored as <c>prepared/{datasetId}/dataset.json</c>.</summary>
/// <param name="DatasetId">Id derived from the prepared content: the same rows give the same id, whatever the file's name.</param>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="Rows">Number of accepted rows, N.</param>
/// <param name="Labels">Number of labels per keypoint, in schema order. A label has both coordinates.</param>
/// <param name="CompleteRows">Number of rows with every keypoint labelled.</param>
/// <param name="Source">Path or blob name of the dropped file.</param>
/// <param name="SourceETag">ETag of the dropped blob, or null for a local file.</param>
/// <param name="PreparedAt">Time of preparation, UTC.</param>
/// <param name="PieceBytes">The largest piece in bytes, if the files are stored in pieces (<see cref="Stored.DatasetPiece"/>). Null in a local
/// folder and for datasets in storage that earlier versions prepared: they have one blob for each file.</param>
/// <param name="Framing">How instances of pictures became frames. Null if the rows' pixels are the frames, as in all datasets of earlier
/// versions.</param>
public sealed record DatasetManifest(
    string DatasetId,
    KeypointSchema Schema,
    int Rows,
    IReadOnlyList<int> Labels,
    int CompleteRows,
    string Source,
    string? SourceETag,
    DateTimeOffset PreparedAt,
    int? PieceBytes = null,
    Framing? Framing = null);
