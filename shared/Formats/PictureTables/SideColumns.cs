using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Columns with the left and top side of a box, and with its size or its right and bottom side.</summary>
/// <remarks>Sides are measured at pixel edges, as in COCO: a box around the whole picture is 0, 0, width, height.</remarks>
internal sealed class SideColumns : BoxColumns
{
    private static readonly string[] Prefixes = ["box", "bbox", "boundingbox", "bb", "rect", "roi", "facebox", "face"];

    private static readonly (string Left, string Top, string Third, string Fourth, bool AreSides)[] Forms =
    [
        ("x", "y", "width", "height", false), ("x", "y", "w", "h", false),
        ("left", "top", "width", "height", false), ("left", "top", "w", "h", false),
        ("xmin", "ymin", "width", "height", false), ("xmin", "ymin", "w", "h", false),
        ("xmin", "ymin", "xmax", "ymax", true), ("minx", "miny", "maxx", "maxy", true),
        ("left", "top", "right", "bottom", true), ("x1", "y1", "x2", "y2", true), ("x1", "y1", "width", "height", false),
    ];

    private static readonly string[] Angles = ["boxangle", "bboxangle", "angle", "rotation"];

    private readonly int[] _columns;
    private readonly bool _areSides;
    private readonly int _angle;

    private SideColumns(int[] columns, bool areSides, int angle)
    {
        _columns = columns;
        _areSides = areSides;
        _angle = angle;
        Columns = angle < 0 ? columns : [.. columns, angle];
    }

    /// <summary>Indices of the columns.</summary>
    public IReadOnlyCollection<int> Columns { get; }

    /// <summary>Finds the columns: <c>box_x</c>, <c>box_y</c>, <c>box_width</c>, <c>box_height</c> and other usual spellings, also with
    /// <c>angle</c>.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="mayBePlain">Whether <c>x</c>, <c>y</c>, <c>width</c>, <c>height</c> and <c>x1</c>, <c>y1</c>, <c>x2</c>, <c>y2</c> are a
    /// box: the keypoints have other columns.</param>
    /// <returns>The columns, or null if there are none.</returns>
    public static SideColumns? Find(IReadOnlyList<string> names, bool mayBePlain)
    {
        // Of columns with the same name, the last counts: results have the box after the keypoints.
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int column = 0; column < names.Count; column++)
            columns[KeypointName.Normalize(names[column])] = column;
        foreach (string prefix in (string[])[.. Prefixes, ""])
        {
            foreach ((string left, string top, string third, string fourth, bool areSides) in Forms)
            {
                if (prefix.Length == 0 && !mayBePlain && !IsSure(left, third))
                    continue;
                int[] found = [.. new[] { left, top, third, fourth }.Select(side => columns.GetValueOrDefault(prefix + side, -1))];
                if (Array.TrueForAll(found, column => column >= 0))
                    return new SideColumns(found, areSides, Angles.Select(angle => columns.GetValueOrDefault(angle, -1)).FirstOrDefault(column => column >= 0, -1));
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override RowFault? Parse(CsvTable table, out PictureBox? box)
    {
        box = null;
        Span<float> values = stackalloc float[4];
        int missing = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (table.ParseCoordinate(_columns[i], out values[i]) is { } fault)
                return fault;
            missing += float.IsNaN(values[i]) ? 1 : 0;
        }

        if (missing == values.Length)
            return null;
        float angle = 0;
        if (_angle >= 0 && table.ParseCoordinate(_angle, out angle) is { } wrong)
            return wrong;
        double width = _areSides ? (double)values[2] - values[0] : values[2];
        double height = _areSides ? (double)values[3] - values[1] : values[3];
        if (!(width > 0))
            return new RowFault(RowProblemKind.Box, table.Names[_columns[2]], missing > 0 ? "the box is not complete: fill or empty all of its fields" : "the box has no width");
        if (!(height > 0))
            return new RowFault(RowProblemKind.Box, table.Names[_columns[3]], missing > 0 ? "the box is not complete: fill or empty all of its fields" : "the box has no height");
        if (missing > 0)
            return new RowFault(RowProblemKind.Box, table.Names[_columns[0]], "the box is not complete: fill or empty all of its fields");
        box = new PictureBox(values[0], values[1], width, height, float.IsNaN(angle) ? 0 : angle);
        return null;
    }

    /// <summary>Whether columns without a prefix can be nothing but a box. CelebA writes <c>x_1,y_1,width,height</c>.</summary>
    private static bool IsSure(string left, string third) =>
        left is "xmin" or "minx" or "left" || (left == "x1" && third == "width");
}
