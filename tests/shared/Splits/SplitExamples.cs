using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;

namespace KeypointPipeline.Shared.Tests.Splits;

/// <summary>Rows without pictures: each is a picture's name and a group's name.</summary>
internal static class SplitExamples
{
    private static readonly FrameSize Frame = new(8, 8);

    /// <summary>Keys of rows. A row without a group has the group 0.</summary>
    public static DatasetKeys Keys(string id, params IEnumerable<(int Picture, int Group)> rows)
    {
        (int Picture, int Group)[] all = [.. rows];
        return new DatasetKeys(
            id,
            Frame,
            [.. all.Select(row => row.Group == 0 ? Picture(row.Picture) : Group(row.Group))],
            [.. all.Select(row => Picture(row.Picture))]);
    }

    /// <summary>Rows of different pictures without groups.</summary>
    public static DatasetKeys Singles(string id, int first, int rows) =>
        Keys(id, Enumerable.Range(first, rows).Select(picture => (picture, 0)));

    /// <summary>The sides of a dataset's rows.</summary>
    public static IReadOnlyList<RowSide> Sides(this RowPlan plan, string id) => plan.Datasets.Single(dataset => dataset.DatasetId == id).Sides;

    /// <summary>The keys of all rows on a side.</summary>
    public static HashSet<ulong> KeysOn(this RowPlan plan, params IReadOnlyList<RowSide> sides) =>
    [
        .. from side in sides
           from row in plan.RowsOn(side)
           let dataset = plan.Datasets[row.Dataset]
           from key in (ulong[])[dataset.ImageKeys[row.Row], dataset.GroupKeys[row.Row]]
           where key != 0
           select key,
    ];

    private static ulong Picture(int picture) => (ulong)picture * 0x9E3779B97F4A7C15UL;

    private static ulong Group(int group) => (ulong)group * 0xD1B54A32D192ED03UL;
}
