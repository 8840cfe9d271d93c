using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Headers;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>Takes the missing marks out of a row's labels.</summary>
/// <param name="columns">The columns that the header states.</param>
/// <param name="conventions">How the rows are written.</param>
internal sealed class RowLabels(DatasetColumns columns, RowConventions conventions)
{
    /// <summary>The marks of the last row.</summary>
    public MarkedPoints Marked { get; private set; }

    /// <summary>Gets whether the last row has a point at 0,0 that no visibility column explains.</summary>
    public bool HasZero { get; private set; }

    /// <summary>Gets whether the last row has a point at -1,-1 that no visibility column explains.</summary>
    public bool HasMinusOne { get; private set; }

    /// <summary>Looks at the points of the table's current row, and makes the missing ones NaN.</summary>
    /// <param name="table">The table.</param>
    /// <param name="coordinates">The coordinates as they stand in the file, K·2.</param>
    public void TakeOutMarks(CsvTable table, Span<float> coordinates)
    {
        Marked = default;
        (HasZero, HasMinusOne) = (false, false);
        for (int k = 0; k < columns.Keypoints.Count; k++)
        {
            float x = coordinates[2 * k];
            float y = coordinates[(2 * k) + 1];
            bool isUsual = MissingMark.IsUsual(x, y);
            if (!isUsual && !conventions.IsMark(x, y))
                continue;
            if (IsMissing(table, k, x, y))
            {
                coordinates.Slice(2 * k, 2).Fill(float.NaN);
                Marked = Marked.WithMissing(k);
            }
        }
    }

    private bool IsMissing(CsvTable table, int keypoint, float x, float y)
    {
        if (conventions.StatesMissing)
            return conventions.IsMark(x, y);
        Visibility visibility = columns.Visibility[keypoint] is int column and >= 0 ? VisibilityField.Parse(table.Field(column)) : Visibility.Unknown;
        if (visibility != Visibility.Unknown)
            return visibility == Visibility.NotLabelled;
        HasZero |= x == 0;
        HasMinusOne |= x == -1;
        if (conventions.IsMark(x, y))
            return true;
        Marked = Marked.WithKept(keypoint);
        return false;
    }
}

/// <summary>Points of a row at a missing mark.</summary>
/// <param name="Missing">Number of points that count as missing.</param>
/// <param name="FirstMissing">Index of the first such keypoint.</param>
/// <param name="Kept">Number of points at 0,0 or -1,-1 that are kept as labels, although nobody says that they are.</param>
/// <param name="FirstKept">Index of the first such keypoint.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MarkedPoints(int Missing, int FirstMissing, int Kept, int FirstKept)
{
    /// <summary>Counts a point that is missing.</summary>
    public MarkedPoints WithMissing(int keypoint) => this with { Missing = Missing + 1, FirstMissing = Missing == 0 ? keypoint : FirstMissing };

    /// <summary>Counts a point that is kept.</summary>
    public MarkedPoints WithKept(int keypoint) => this with { Kept = Kept + 1, FirstKept = Kept == 0 ? keypoint : FirstKept };
}
