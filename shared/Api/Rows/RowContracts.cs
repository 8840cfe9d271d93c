using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Api.Rows;

/// <summary>Answer of <c>GET /api/datasets/{datasetId}/rows</c>: rows of a prepared dataset with their labels.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="Schema">Keypoints, frame and mirror pairs.</param>
/// <param name="Total">Number of rows of the dataset.</param>
/// <param name="Rows">The rows of this page.</param>
public sealed record RowList(string DatasetId, KeypointSchema Schema, int Total, IReadOnlyList<LabelledRow> Rows);

/// <summary>A row of a prepared dataset.</summary>
/// <param name="Row">Its number in the prepared dataset, from 0.</param>
/// <param name="SourceRow">Its number in the dropped file: 1 is the first row below the header.</param>
/// <param name="Points">x and y of each keypoint in pixels of the frame; null for a missing label.</param>
/// <param name="States">The state of each label; null if the labels have no states.</param>
public sealed record LabelledRow(int Row, uint SourceRow, IReadOnlyList<IReadOnlyList<float>?> Points, IReadOnlyList<LabelState>? States);

/// <summary>Body of <c>PUT /api/mirror</c>.</summary>
/// <param name="Path">The dataset's path.</param>
/// <param name="Pairs">Pairs such as <c>left_eye:right_eye,left_ear:right_ear</c>, or <c>none</c>. A name alone has no partner.</param>
public sealed record MirrorRequest(string Path = "", string Pairs = "");
