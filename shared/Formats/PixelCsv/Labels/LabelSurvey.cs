using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Labels;

/// <summary>Counts, while a file is read for the first time, what tells how it is written: missing marks, ranges of coordinates and sizes
/// of images.</summary>
internal sealed class LabelSurvey
{
    /// <summary>A mark is missing if at least this share of the rows has it, and at least <see cref="FewestRows"/> rows.</summary>
    private const double LeastShare = 0.01;
    private const int FewestRows = 3;
    private const int MostFrames = 1024;
    private const int MostFramesNamed = 5;

    private readonly CoordinateRanges _ranges = new();
    private readonly Dictionary<FrameSize, long> _frames = [];
    private long _rows;
    private long _zeroRows;
    private long _minusOneRows;
    private FrameSize? _lastFrame;
    private long _lastFrameRows;
    private int _smallestSide = int.MaxValue;

    /// <summary>Adds the labels of a row whose fields are good.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="coordinates">The coordinates as they stand in the file, K·2.</param>
    /// <param name="frame">Size of the row's image.</param>
    /// <param name="hasZero">Whether a point at 0,0 may be missing: no visibility column says that it was labelled.</param>
    /// <param name="hasMinusOne">The same for -1,-1.</param>
    public void AddLabels(long row, ReadOnlySpan<float> coordinates, FrameSize frame, bool hasZero, bool hasMinusOne)
    {
        _rows++;
        _zeroRows += hasZero ? 1 : 0;
        _minusOneRows += hasMinusOne ? 1 : 0;
        _smallestSide = Math.Min(_smallestSide, Math.Min(frame.Width, frame.Height));
        _ranges.Add(row, coordinates);
    }

    /// <summary>Adds the image of a row that is good in every way.</summary>
    public void AddFrame(FrameSize frame)
    {
        if (frame != _lastFrame)
            KeepLastFrame();
        _lastFrame = frame;
        _lastFrameRows++;
    }

    /// <summary>Finds how the file is written, after all rows were added.</summary>
    /// <param name="stated">What a person states.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="sidecar">Name of the file's sidecar, for messages.</param>
    /// <exception cref="RejectedFileException">The file contradicts itself, or can be read in two ways.</exception>
    public SurveyFindings Find(RowConventions stated, string file, string sidecar)
    {
        KeepLastFrame();
        RowConventions found = stated;
        var guesses = new List<string>();
        var warnings = new List<string>();
        if (!stated.StatesUnit)
        {
            found = found with { Unit = _ranges.Find(_smallestSide, file, unit => Statement("coordinates", $"\"{unit}\"")) };
            if (found.Unit != CoordinateUnit.Pixels)
            {
                string pixels = Statement("coordinates", "\"pixels\"");
                guesses.Add($"Coordinates: they lie {_ranges.Range}, so they are shares of the frame and become pixels by {found.Unit.Formula()}. If they are pixels, state {pixels}.");
            }
            else if (_ranges.AreAllSmall)
            {
                warnings.Add($"All coordinates lie {_ranges.Range}. They are read as pixels. If they are shares of the frame, state {Statement("coordinates", "\"0..1\"")}.");
            }
        }

        if (!stated.StatesMissing)
            found = found with { Missing = FindMissing(found.Unit) };
        if (found.Missing.Count > 0 && !stated.StatesMissing)
            guesses.Add($"Missing marks: {string.Join(" and ", found.Missing)}.");
        if (_frames.Count > 1)
        {
            found = found with { Frame = _frames.MaxBy(frame => (frame.Value, frame.Key.Pixels, frame.Key.Width)).Key };
            IEnumerable<string> frames = _frames.OrderByDescending(frame => (frame.Value, frame.Key.Pixels)).Select(frame => $"{frame.Key} ({frame.Value:N0} rows)");
            guesses.Add($"Frames of several sizes: {ShownText.List([.. frames], most: MostFramesNamed)}. All are resampled to {found.Frame}, with their labels.");
        }

        bool isOther = found.Unit != stated.Unit || found.Missing != stated.Missing || found.Frame != stated.Frame;
        return new SurveyFindings(found, isOther, guesses, warnings);

        string Statement(string member, string value) => $"{{\"{member}\": {value}}} in {sidecar}";
    }

    /// <summary>Returns the marks of the file. A mark is a habit of whatever wrote the file, not of one keypoint, so the rows of all
    /// keypoints count together.</summary>
    private IReadOnlyList<MissingMark> FindMissing(CoordinateUnit unit)
    {
        var marks = new List<MissingMark>();
        // From -1 to 1, 0,0 is the middle of the frame.
        if (IsMark(_zeroRows) && unit != CoordinateUnit.MinusOneToOne)
            marks.Add(MissingMark.Zero);
        if (IsMark(_minusOneRows))
            marks.Add(MissingMark.MinusOne);
        return marks.Count == 0 ? RowConventions.NoMarks : marks;
    }

    private bool IsMark(long rows) => rows >= FewestRows && rows >= LeastShare * _rows;

    private void KeepLastFrame()
    {
        if (_lastFrame is not null && (_frames.Count < MostFrames || _frames.ContainsKey(_lastFrame)))
            _frames[_lastFrame] = _frames.GetValueOrDefault(_lastFrame) + _lastFrameRows;
        (_lastFrame, _lastFrameRows) = (null, 0);
    }
}

/// <summary>What a survey found.</summary>
/// <param name="Conventions">How the file is written.</param>
/// <param name="AreOther">Whether the conventions are other than those the file was read with, so that it must be read again.</param>
/// <param name="Guesses">What was guessed, in whole sentences.</param>
/// <param name="Warnings">What may be wrong, in whole sentences.</param>
internal sealed record SurveyFindings(RowConventions Conventions, bool AreOther, IReadOnlyList<string> Guesses, IReadOnlyList<string> Warnings);
