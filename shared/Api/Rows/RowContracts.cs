using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;

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

/// <summary>Answer of <c>GET /api/datasets/sides</c>: what the newest training that published a version did with the rows.</summary>
/// <param name="Version">That version; null if there is none, or if earlier versions of the pipeline published all.</param>
/// <param name="PublishedAt">When it was published, UTC; null without a version.</param>
/// <param name="Sides">The sides that have rows.</param>
/// <param name="Datasets">The same of each of its datasets.</param>
public sealed record DatasetSides(
    string? Version, DateTimeOffset? PublishedAt, IReadOnlyList<SideCount> Sides, IReadOnlyList<SidesOfDataset> Datasets);

/// <summary>The rows of a dataset by side.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="Sides">The sides that have rows of it.</param>
public sealed record SidesOfDataset(string DatasetId, IReadOnlyList<SideCount> Sides);

/// <summary>The rows on a side.</summary>
/// <param name="Side">The side.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Groups">Number of groups of rows that share a person or a picture. A row that shares neither is a group.</param>
public sealed record SideCount(RowSide Side, int Rows, int Groups);

/// <summary>Body of <c>PUT /api/mirror</c>.</summary>
/// <param name="Path">The dataset's path.</param>
/// <param name="Pairs">Pairs such as <c>left_eye:right_eye,left_ear:right_ear</c>, or <c>none</c>. A name alone has no partner.</param>
public sealed record MirrorRequest(string Path = "", string Pairs = "");
