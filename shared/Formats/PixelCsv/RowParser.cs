using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Parses rows into pixels and coordinates; allocates nothing for a good row.</summary>
/// <param name="columns">The header.</param>
internal sealed class RowParser(DatasetColumns columns)
{
    private readonly PixelColumn _image = new(columns.Names[columns.Image], columns.Frame);

    /// <summary>The frame: known from the first good row on, at the latest.</summary>
    public FrameSize? Frame => _image.Frame;

    /// <summary>The last good row's pixels, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels => _image.Pixels;

    /// <summary>The last good row's coordinates, K·2; both NaN where a label is missing.</summary>
    public float[] Coordinates { get; } = new float[columns.Keypoints.Count * 2];

    /// <summary>The last good row's labelled keypoints.</summary>
    public int LabelCount { get; private set; }

    /// <summary>The last good row's first keypoint of which only one coordinate was there, or -1. It counts as missing.</summary>
    public int HalfLabel { get; private set; }

    /// <summary>The last good row's first keypoint a little outside the frame, or -1.</summary>
    public int OutsideLabel { get; private set; }

    /// <summary>Parses the row that the table stands on; it has all its fields.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public RowFault? Parse(CsvTable table)
    {
        LabelCount = 0;
        HalfLabel = -1;
        OutsideLabel = -1;
        return ParseCoordinates(table)
            ?? _image.Parse(table.Field(columns.Image), out FrameSize? frame)
            ?? CompleteLabels(frame!);
    }

    private RowFault? ParseCoordinates(CsvTable table)
    {
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            RowFault? fault = ParseCoordinate(table, columns.X[k], 2 * k) ?? ParseCoordinate(table, columns.Y[k], (2 * k) + 1);
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private RowFault? ParseCoordinate(CsvTable table, int column, int index)
    {
        ReadOnlySpan<byte> text = table.Field(column);
        if (Coordinate.Parse(text, out Coordinates[index]) is not { } kind)
            return null;
        string excerpt = ShownText.Quote(text);
        return new RowFault(kind, columns.Names[column], kind switch
        {
            RowProblemKind.DecimalComma => $"{excerpt} has a decimal comma: write a point",
            RowProblemKind.Infinite => $"{excerpt} is infinite: leave a missing label empty",
            _ => $"{excerpt} is not a number",
        });
    }

    /// <summary>Checks the coordinates against the frame, which the row's own pixels may have told.</summary>
    private RowFault? CompleteLabels(FrameSize frame)
    {
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            float x = Coordinates[2 * k];
            float y = Coordinates[(2 * k) + 1];
            if (IsFarOutside(x, frame.Width))
                return FarOutside(columns.X[k], x, frame);
            if (IsFarOutside(y, frame.Height))
                return FarOutside(columns.Y[k], y, frame);
            if (float.IsNaN(x) != float.IsNaN(y))
            {
                Coordinates.AsSpan(2 * k, 2).Fill(float.NaN);
                HalfLabel = HalfLabel < 0 ? k : HalfLabel;
            }
            else if (!float.IsNaN(x))
            {
                LabelCount++;
                if (OutsideLabel < 0 && (Outside(x, frame.Width) > 0 || Outside(y, frame.Height) > 0))
                    OutsideLabel = k;
            }
        }

        _image.Keep(frame);
        return null;
    }

    private RowFault FarOutside(int column, float value, FrameSize frame) => new(
        RowProblemKind.OutsideFrame,
        columns.Names[column],
        $"{value} is more than {DatasetLimits.OutsideFrameShare:P0} of a side outside the {frame} frame");

    private static bool IsFarOutside(float value, int side) => Outside(value, side) > DatasetLimits.OutsideFrameShare * side;

    /// <summary>Pixels outside the frame, whose pixels' centres are at 0 … side − 1 and whose edges half a pixel farther; NaN for NaN.</summary>
    private static float Outside(float value, int side) => MathF.Max(-0.5f - value, value - (side - 0.5f));
}
