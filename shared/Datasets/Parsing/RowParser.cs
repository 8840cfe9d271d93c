using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets.Parsing;

/// <summary>What is wrong with a row.</summary>
/// <param name="Kind">Which kind of thing.</param>
/// <param name="Column">In which column, or null.</param>
/// <param name="Text">In words, without file, row and column.</param>
internal sealed record RowFault(RowProblemKind Kind, string? Column, string Text);

/// <summary>Parses records into pixels and coordinates; allocates nothing for a good row.</summary>
/// <param name="columns">The header.</param>
internal sealed class RowParser(DatasetColumns columns)
{
    private readonly CsvFields _fields = new(columns.Names.Count);
    private byte[] _pixels = new byte[columns.Frame?.Pixels ?? (KeypointSchema.MaximumFrame * KeypointSchema.MaximumFrame)];

    /// <summary>The frame: known from the first good row on, at the latest.</summary>
    public FrameSize? Frame { get; private set; } = columns.Frame;

    /// <summary>The last good row's pixels, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The last good row's coordinates, K·2; both NaN where a label is missing.</summary>
    public float[] Coordinates { get; } = new float[columns.Keypoints.Count * 2];

    /// <summary>The last good row's labelled keypoints.</summary>
    public int LabelCount { get; private set; }

    /// <summary>The last good row's first keypoint of which only one coordinate was there, or -1. It counts as missing.</summary>
    public int HalfLabel { get; private set; }

    /// <summary>The last good row's first keypoint a little outside the frame, or -1.</summary>
    public int OutsideLabel { get; private set; }

    /// <summary>Parses a record.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public RowFault? Parse(Span<byte> record, RecordState state)
    {
        LabelCount = 0;
        HalfLabel = -1;
        OutsideLabel = -1;
        return ParseFields(record, state)
            ?? ParseCoordinates(record)
            ?? ParsePixels(record, out FrameSize? frame)
            ?? CompleteLabels(frame!);
    }

    /// <summary>The group of the record parsed last, without white space around it; empty where it has none.</summary>
    public ReadOnlySpan<byte> Group(Span<byte> record) =>
        columns.Group is { } group ? _fields.Field(record, group).Trim(" \t"u8) : [];

    private RowFault? ParseFields(Span<byte> record, RecordState state)
    {
        if (state == RecordState.TooLong)
            return new RowFault(RowProblemKind.RowLength, Column: null, $"longer than {DatasetLimits.RowBytes:N0} bytes");
        if (state == RecordState.OpenQuote || !_fields.TrySplit(record))
            return new RowFault(RowProblemKind.Quotes, Column: null, "a quoted field is not closed, or something other than a comma follows it");
        if (_fields.Count == columns.Names.Count)
            return null;
        string hint = _fields.Count > columns.Names.Count ? " (are there decimal commas?)" : string.Empty;
        return new RowFault(
            RowProblemKind.ColumnCount, Column: null, $"{_fields.Count:N0} columns, the header has {columns.Names.Count:N0}{hint}");
    }

    private RowFault? ParseCoordinates(Span<byte> record)
    {
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            RowFault? fault = ParseCoordinate(record, columns.X[k], 2 * k) ?? ParseCoordinate(record, columns.Y[k], (2 * k) + 1);
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private RowFault? ParseCoordinate(Span<byte> record, int column, int index)
    {
        ReadOnlySpan<byte> text = _fields.Field(record, column);
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

    private RowFault? ParsePixels(Span<byte> record, out FrameSize? frame)
    {
        frame = Frame;
        ReadOnlySpan<byte> text = _fields.Field(record, columns.Image);
        int count = PixelList.Parse(text, _pixels, out int fault);
        string name = columns.Names[columns.Image];
        if (fault >= 0)
        {
            return new RowFault(
                RowProblemKind.PixelValue,
                name,
                $"pixel {count + 1:N0} is {ShownText.Quote(PixelList.WordAt(text, fault))}: whole numbers from 0 to 255 are expected");
        }

        if (frame is not null)
        {
            return count == frame.Pixels
                ? null
                : new RowFault(RowProblemKind.PixelCount, name, $"{count:N0} pixels, {frame.Pixels:N0} are expected ({frame})");
        }

        frame = FrameSize.Square(count);
        return frame is { IsSupported: true }
            ? null
            : new RowFault(RowProblemKind.PixelCount, name, $"{count:N0} pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated");
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

        KeepFrame(frame);
        return null;
    }

    private void KeepFrame(FrameSize frame)
    {
        if (Frame is not null)
            return;
        Frame = frame;
        Array.Resize(ref _pixels, frame.Pixels);
    }

    private RowFault FarOutside(int column, float value, FrameSize frame) => new(
        RowProblemKind.OutsideFrame,
        columns.Names[column],
        $"{value} is more than {DatasetLimits.OutsideFrameShare:P0} of a side outside the {frame} frame");

    private static bool IsFarOutside(float value, int side) => Outside(value, side) > DatasetLimits.OutsideFrameShare * side;

    /// <summary>Pixels outside the frame, whose pixels' centres are at 0 … side − 1 and whose edges half a pixel farther; NaN for NaN.</summary>
    private static float Outside(float value, int side) => MathF.Max(-0.5f - value, value - (side - 0.5f));
}
