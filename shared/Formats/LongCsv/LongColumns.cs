using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;

namespace KeypointPipeline.Formats.LongCsv;

/// <summary>The meaning of the columns of a table with one row per point.</summary>
/// <param name="Picture">Index of the column that names the picture.</param>
/// <param name="Keypoint">Index of the column that names the keypoint.</param>
/// <param name="X">Index of the column with x.</param>
/// <param name="Y">Index of the column with y.</param>
internal sealed record LongColumns(int Picture, int Keypoint, int X, int Y)
{
    private static readonly string[] KeypointNames =
        [ColumnNames.Keypoint, "keypoint_name", "landmark", "landmark_name", "point", "point_name", "bodypart", "body_part", "part", "joint", "label", "name", "node", "feature"];

    private static readonly string[] XNames = [ColumnNames.X, "x_px", "coord_x", "x_coord", "x_coordinate", "pos_x", "x_pos", "x_position", "point_x", "keypoint_x"];

    private static readonly string[] YNames = [ColumnNames.Y, "y_px", "coord_y", "y_coord", "y_coordinate", "pos_y", "y_pos", "y_position", "point_y", "keypoint_y"];

    private static readonly string[] InstanceNames = [ColumnNames.Instance, "instance_id", "face_id", ColumnNames.Face, "individual", "person", "object", "object_id", "annotation_id"];

    /// <summary>Index of the column with the state of the point, or -1.</summary>
    public int State { get; private init; } = -1;

    /// <summary>Index of the column that tells the instances of a picture apart, or -1.</summary>
    public int Instance { get; private init; } = -1;

    /// <summary>Index of the group column, or -1.</summary>
    public int Group { get; private init; } = -1;

    /// <summary>Why the stated group column cannot be used, or null.</summary>
    public string? GroupProblem { get; private init; }

    /// <summary>The columns of the box, or null.</summary>
    public SideColumns? Box { get; private init; }

    /// <summary>Indices of the columns with the picture's width and height, or null.</summary>
    public (int Width, int Height)? Size { get; private init; }

    /// <summary>Index of the column with the model version that predicted the points, or -1.</summary>
    public int Origin { get; private init; } = -1;

    /// <summary>Index of the column with the checksum of the prediction, or -1.</summary>
    public int Checksum { get; private init; } = -1;

    /// <summary>Finds the columns, or returns null if the table has other ones.</summary>
    /// <param name="start">The first rows. They show which column names the pictures.</param>
    /// <param name="group">Name of the group column that a person states, or null for <c>group</c>.</param>
    public static LongColumns? Find(TableStart start, string? group)
    {
        IReadOnlyList<string> names = start.Names;
        int picture = PictureColumn.Find(start, out _);
        if (picture < 0)
            return null;
        int keypoint = FactColumns.Find([.. names.Select((name, column) => column == picture ? "" : name)], KeypointNames);
        int x = FactColumns.Find(names, XNames);
        int y = FactColumns.Find(names, YNames);
        if (keypoint < 0 || x < 0 || y < 0)
            return null;
        SideColumns? box = SideColumns.Find(names, mayBePlain: false);
        int[] taken = [picture, keypoint, x, y, .. box?.Columns ?? []];
        int groupColumn = FactColumns.FindGroup(names, group, out string? problem);
        return new LongColumns(picture, keypoint, x, y)
        {
            State = FactColumns.Find(names, [.. VisibilityNames.Words]),
            Instance = FactColumns.Find(names, InstanceNames),
            Group = groupColumn,
            GroupProblem = problem,
            Box = box,
            Size = FactColumns.FindSize(names, taken),
            Origin = FactColumns.Find(names, ColumnNames.Origin),
            Checksum = FactColumns.Find(names, ColumnNames.Checksum),
        };
    }
}
