using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>How the rows of a file are written, as far as the header does not say. Stated by a person, or found by <see cref="LabelSurvey"/>.</summary>
internal sealed record RowConventions
{
    /// <summary>No points.</summary>
    public static IReadOnlyList<MissingMark> NoMarks { get; } = [];

    /// <summary>Points that count as missing wherever they occur.</summary>
    public IReadOnlyList<MissingMark> Missing { get; init; } = NoMarks;

    /// <summary>Whether a person stated <see cref="Missing"/>. Visibility columns then count for nothing.</summary>
    public bool StatesMissing { get; init; }

    /// <summary>The unit of the coordinates.</summary>
    public CoordinateUnit Unit { get; init; }

    /// <summary>Whether a person stated <see cref="Unit"/>.</summary>
    public bool StatesUnit { get; init; }

    /// <summary>The frame that images of several sizes are resampled to. Null requires that all images have the size of the first.</summary>
    public FrameSize? Frame { get; init; }

    /// <summary>Whether a point is one of <see cref="Missing"/>.</summary>
    public bool IsMark(float x, float y)
    {
        for (int i = 0; i < Missing.Count; i++)
        {
            if (Missing[i].X == x && Missing[i].Y == y)
                return true;
        }

        return false;
    }
}
