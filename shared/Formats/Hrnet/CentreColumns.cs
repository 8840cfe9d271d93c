using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.Hrnet;

/// <summary>The columns of HRNet's box: a centre and a scale.</summary>
internal sealed class CentreColumns : BoxColumns
{
    /// <summary>Pixels of a box of scale 1, with HRNet's own margin of 1.25.</summary>
    private const float SidePerScale = 200 * 1.25f;

    private readonly int _scale;
    private readonly int _x;
    private readonly int _y;

    private CentreColumns(int scale, int x, int y, int boxSize)
    {
        _scale = scale;
        _x = x;
        _y = y;
        Columns = [scale, x, y, boxSize];
    }

    /// <summary>Indices of the columns that are no points.</summary>
    public IReadOnlyCollection<int> Columns { get; }

    /// <summary>Finds the columns, or returns null.</summary>
    public static CentreColumns? Find(IReadOnlyList<string> names)
    {
        int scale = FactColumns.Find(names, "scale");
        int x = FactColumns.Find(names, "center_w");
        int y = FactColumns.Find(names, "center_h");
        return scale < 0 || x < 0 || y < 0 ? null : new CentreColumns(scale, x, y, FactColumns.Find(names, "box_size"));
    }

    /// <inheritdoc/>
    public override RowFault? Parse(CsvTable table, out PictureBox? box)
    {
        box = null;
        RowFault? fault = table.ParseCoordinate(_scale, out float scale) ?? table.ParseCoordinate(_x, out _) ?? table.ParseCoordinate(_y, out _);
        if (fault is not null)
            return fault;
        _ = table.ParseCoordinate(_x, out float x);
        _ = table.ParseCoordinate(_y, out float y);
        if (!(scale > 0) || float.IsNaN(x) || float.IsNaN(y))
            return new RowFault(RowProblemKind.Box, table.Names[_scale], "the face needs a scale of more than 0 and a centre");
        float side = SidePerScale * scale;
        box = new PictureBox(x - (side / 2), y - (side / 2), side, side);
        return null;
    }
}
