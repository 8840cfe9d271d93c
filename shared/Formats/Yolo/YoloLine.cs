using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>Reads one line of a label file.</summary>
/// <param name="keypoints">The keypoints of the dataset.</param>
internal sealed class YoloLine(KeypointUnion keypoints)
{
    /// <summary>Class, and centre, width and height of the box.</summary>
    private const int Before = 5;
    private const int LongestField = 20;

    private double[] _numbers = [];

    /// <summary>The visibility of all points that were read.</summary>
    public VisibilityNumbers Visibility { get; } = new();

    /// <summary>The number of points that are missing by their coordinates, in files without visibility.</summary>
    public long Marks { get; private set; }

    /// <summary>The number of boxes without width or height.</summary>
    public long EmptyBoxes { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="row">Its number, from 1.</param>
    /// <param name="line">The line.</param>
    /// <param name="description">The dataset.</param>
    public LabelledInstance Read(long row, ReadOnlySpan<char> line, YoloDescription description)
    {
        int expected = Before + (description.Count * description.Dimensions);
        if (ReadNumbers(line, expected) is { } fault)
            return new LabelledInstance(row, []) { Fault = fault };
        int[] indices = description.KeypointsOf((int)_numbers[0]);
        var states = new LabelState[keypoints.Names.Count];
        float[] points = new float[2 * states.Length];
        Array.Fill(points, float.NaN);
        bool statesVisibility = description.Dimensions == 3;
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<double> point = _numbers.AsSpan(Before + (i * description.Dimensions), description.Dimensions);
            LabelState state = statesVisibility ? VisibilityNumbers.StateOf(point[2])
                : point is [0, 0] || point[0] < 0 || point[1] < 0 ? LabelState.Missing
                : LabelState.Labelled;
            Marks += !statesVisibility && state == LabelState.Missing ? 1 : 0;
            states[indices[i]] = state;
            if (state != LabelState.Missing)
                (points[2 * indices[i]], points[(2 * indices[i]) + 1]) = ((float)point[0], (float)point[1]);
        }

        if (statesVisibility)
            Visibility.Count(states);
        return new LabelledInstance(row, points) { States = statesVisibility ? states : null, Box = Box() };
    }

    private PictureBox? Box()
    {
        (double width, double height) = (_numbers[3], _numbers[4]);
        if (width > 0 && height > 0)
            return new PictureBox(_numbers[1] - (width / 2), _numbers[2] - (height / 2), width, height);
        EmptyBoxes++;
        return null;
    }

    private RowFault? ReadNumbers(ReadOnlySpan<char> line, int expected)
    {
        if (_numbers.Length != expected)
            _numbers = new double[expected];
        int count = 0;
        foreach (Range range in line.SplitAny(' ', '\t'))
        {
            ReadOnlySpan<char> field = line[range];
            if (field.IsEmpty)
                continue;
            if (count < expected && (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _numbers[count]) || !float.IsFinite((float)_numbers[count])))
                return new RowFault(RowProblemKind.NotANumber, $"{count + 1}", $"'{ShownText.Of(field[..Math.Min(field.Length, LongestField)].ToString())}' is not a number.");
            count++;
        }

        return count == expected ? null : new RowFault(
            RowProblemKind.ColumnCount, null, $"has {count:N0} numbers. Expected {expected:N0}: the class, the box (4) and the keypoints ({expected - Before:N0}).");
    }
}
