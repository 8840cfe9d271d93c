using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Formats.PixelCsv.Pixels;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Parses rows into pixels and coordinates. Allocates nothing for a good row whose image has the frame's size.</summary>
/// <param name="columns">The columns that the header states.</param>
/// <param name="images">The images of the rows.</param>
/// <param name="conventions">How the rows are written.</param>
internal sealed class RowParser(DatasetColumns columns, RowImages images, RowConventions conventions)
{
    private readonly RowLabels _labels = new(columns, conventions);
    private readonly float[] _written = new float[columns.Keypoints.Count * 2];
    private readonly FrameFitting? _fitting = conventions.Frame is null ? null : new FrameFitting(conventions.Frame);

    /// <summary>The frame size. It is known from the first good row on, at the latest.</summary>
    public FrameSize? Frame { get; private set; } = conventions.Frame ?? columns.Frame;

    /// <summary>What tells how the rows are written.</summary>
    public LabelSurvey Survey { get; } = new();

    /// <summary>Pixels of the last good row, H·W.</summary>
    public ReadOnlyMemory<byte> Pixels => _fitting is null ? images.Pixels : _fitting.Pixels;

    /// <summary>Coordinates of the last good row, K·2. Both are NaN if a label is missing.</summary>
    public float[] Coordinates { get; } = new float[columns.Keypoints.Count * 2];

    /// <summary>Number of labelled keypoints of the last good row.</summary>
    public int LabelCount { get; private set; }

    /// <summary>Index of the last good row's first keypoint with only one coordinate, or -1. Such a keypoint counts as missing.</summary>
    public int HalfLabel { get; private set; }

    /// <summary>Index of the last good row's first keypoint a little outside the frame, or -1.</summary>
    public int OutsideLabel { get; private set; }

    /// <summary>The last good row's points at missing marks.</summary>
    public MarkedPoints Marked => _labels.Marked;

    /// <summary>Parses the table's current row, which must have a field per column.</summary>
    /// <returns>The row's fault, or null for a good row.</returns>
    public RowFault? Parse(CsvTable table)
    {
        LabelCount = 0;
        HalfLabel = -1;
        OutsideLabel = -1;
        FrameSize? frame = null;
        if ((ParseCoordinates(table) ?? images.Parse(table, Frame, out frame)) is { } fault)
            return fault;
        Coordinates.CopyTo(_written, 0);
        _labels.TakeOutMarks(table, Coordinates);
        Survey.AddLabels(table.Row, _written, frame!, _labels.HasZero, _labels.HasMinusOne);
        conventions.Unit.ToPixels(Coordinates, frame!);
        return CompleteLabels(frame!) ?? Fit(frame!);
    }

    private RowFault? ParseCoordinates(CsvTable table)
    {
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            RowFault? fault = table.ParseCoordinate(columns.X[k], out Coordinates[2 * k]) ?? table.ParseCoordinate(columns.Y[k], out Coordinates[(2 * k) + 1]);
            if (fault is not null)
                return fault;
        }

        return null;
    }

    /// <summary>Checks the coordinates against the size of the row's image.</summary>
    private RowFault? CompleteLabels(FrameSize frame)
    {
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            float x = Coordinates[2 * k];
            float y = Coordinates[(2 * k) + 1];
            if (OutsideFrame.IsFar(x, frame.Width))
                return FarOutside(columns.X[k], x, frame);
            if (OutsideFrame.IsFar(y, frame.Height))
                return FarOutside(columns.Y[k], y, frame);
            if (float.IsNaN(x) != float.IsNaN(y))
            {
                Coordinates.AsSpan(2 * k, 2).Fill(float.NaN);
                HalfLabel = HalfLabel < 0 ? k : HalfLabel;
            }
            else if (!float.IsNaN(x))
            {
                LabelCount++;
                if (OutsideLabel < 0 && (OutsideFrame.Distance(x, frame.Width) > 0 || OutsideFrame.Distance(y, frame.Height) > 0))
                    OutsideLabel = k;
            }
        }

        return null;
    }

    /// <summary>Resamples the image to the frame, or requires that it has the frame's size.</summary>
    private RowFault? Fit(FrameSize frame)
    {
        Survey.AddFrame(frame);
        Frame ??= frame;
        if (_fitting is null && frame != Frame)
            return new RowFault(RowProblemKind.PixelCount, images.Name, $"{frame.Pixels:N0} pixels, {Frame.Pixels:N0} are expected ({Frame})");
        _fitting?.Fit(images.Pixels.Span, frame, Coordinates);
        return null;
    }

    private RowFault FarOutside(int column, float value, FrameSize frame) => new(
        RowProblemKind.OutsideFrame,
        columns.Names[column],
        $"{value} is more than {DatasetLimits.OutsideFrameShare:P0} of a side outside the {frame} frame");
}
