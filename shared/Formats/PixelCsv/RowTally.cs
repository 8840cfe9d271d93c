using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Counts the outcomes of a file's rows and creates the report.</summary>
/// <param name="source">Path or blob name of the dropped file.</param>
internal sealed class RowTally(string source)
{
    private readonly Dictionary<RowProblemKind, long> _kinds = [];
    private readonly List<RowProblem> _problems = [];
    private readonly List<string> _guessed = [];
    private readonly Occurrences _halfLabels = new();
    private readonly Occurrences _outsideLabels = new();
    private readonly Occurrences _otherLabels = new();
    private readonly Occurrences _unlabelled = new();
    private readonly Occurrences _duplicates = new();
    private readonly Occurrences _missingMarks = new();
    private readonly Occurrences _keptMarks = new();
    private readonly Occurrences _lostLabels = new();
    private readonly Occurrences _predictions = new();
    private readonly List<string> _warnings = [];
    private IReadOnlyList<string> _keypoints = [];
    private IReadOnlyList<string> _ignored = [];
    private RowConventions _conventions = new();
    private FrameSize? _frame;
    private MirrorPairs? _mirror;
    private PublishedOrderCheck? _order;
    private string? _orderObjection;
    private long _rejected;
    private long _erased;
    private long _blankLines;
    private long _missingPoints;
    private long _lostPoints;
    private long? _pictures;
    private Framing? _framing;
    private int[] _labels = [];

    /// <summary>Name of the CSV file itself, for messages.</summary>
    public string File { get; set; } = FileNames.OwnName(source);

    /// <summary>Number of rows in the dataset.</summary>
    public int Accepted { get; private set; }

    /// <summary>Number of rows in the dataset with every keypoint labelled.</summary>
    public int Complete { get; private set; }

    /// <summary>Number of labels per keypoint.</summary>
    public IReadOnlyList<int> Labels => _labels;

    private long RowsIn => Accepted + _rejected + _duplicates.Count + _unlabelled.Count + _erased + _predictions.Count;

    /// <summary>Starts counting, once the header is known.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="conventions">How the rows are written.</param>
    /// <param name="stated">The mirror pairs that a person states, or null.</param>
    /// <exception cref="RejectedFileException">The statement does not fit the columns.</exception>
    public void Start(DatasetColumns columns, RowConventions conventions, MirrorStatement? stated)
    {
        _ignored = columns.Ignored;
        _frame = columns.Frame;
        columns.Guesses.ToList().ForEach(NoteGuess);
        _warnings.AddRange(columns.Warnings);
        Start(columns.Keypoints, conventions, stated);
    }

    /// <summary>Starts counting, once the keypoints are known.</summary>
    /// <param name="keypoints">Keypoint names.</param>
    /// <param name="conventions">How the rows are written.</param>
    /// <param name="stated">The mirror pairs that a person or the file states, or null.</param>
    /// <exception cref="RejectedFileException">The statement does not fit the keypoints.</exception>
    public void Start(IReadOnlyList<string> keypoints, RowConventions conventions, MirrorStatement? stated)
    {
        _conventions = conventions;
        _keypoints = keypoints;
        _labels = new int[_keypoints.Count];
        _mirror = StatedMirror.Apply(stated, _keypoints) ?? MirrorPairs.FromNames(_keypoints);
        _order = stated is null && _mirror.Pairs.Count == 0 ? PublishedOrderCheck.For(_keypoints) : null;
    }

    /// <summary>Counts a bad row.</summary>
    public void AddBad(long row, long line, RowFault fault)
    {
        long? shownLine = line == row + 1 ? null : line;
        AddBad(row, shownLine, $"{File} row {row:N0}{(shownLine is null ? string.Empty : $" (line {shownLine:N0})")}", fault);
    }

    /// <summary>Counts a bad row.</summary>
    /// <param name="row">Number of the row.</param>
    /// <param name="line">Its physical line, or null if it says nothing more than the row.</param>
    /// <param name="place">File, row and what else tells where it is.</param>
    /// <param name="fault">What is wrong.</param>
    public void AddBad(long row, long? line, string place, RowFault fault)
    {
        _rejected++;
        _kinds[fault.Kind] = _kinds.GetValueOrDefault(fault.Kind) + 1;
        if (_problems.Count == DatasetLimits.ProblemsInDetail)
            return;
        string? name = fault.Column is null ? null : ShownText.Of(fault.Column);
        string column = name is null ? string.Empty : $", column {name}";
        _problems.Add(new RowProblem(row, line, name, fault.Kind, $"{place}{column}: {fault.Text}"));
    }

    /// <summary>Counts a row that is a prediction of a model. Nobody changed or confirmed it, so it is no label.</summary>
    public void AddPrediction(long row) => _predictions.Add(row);

    /// <summary>Counts the labelled pictures of a set whose pictures are files.</summary>
    public void AddPicture() => _pictures = (_pictures ?? 0) + 1;

    /// <summary>Sets how instances of pictures become frames.</summary>
    public void NoteFraming(Framing framing) => _framing = framing;

    /// <summary>Adds a sentence about something that may be wrong.</summary>
    public void NoteWarning(string sentence) => _warnings.Add(sentence);

    /// <summary>Counts a row without labels.</summary>
    public void AddUnlabelled(long row) => _unlabelled.Add(row);

    /// <summary>Counts a row whose image and labels an earlier row already has.</summary>
    public void AddDuplicate(long row) => _duplicates.Add(row);

    /// <summary>Counts a row whose group was erased. Nothing else is reported of it.</summary>
    public void AddErased() => _erased++;

    /// <summary>Counts a row that is part of the dataset.</summary>
    /// <param name="row">The row.</param>
    /// <param name="coordinates">The row's coordinates, K·2.</param>
    /// <param name="repetition">How the row repeats earlier rows.</param>
    public void AddGood(ReadRow row, ReadOnlySpan<float> coordinates, RowRepetition repetition)
    {
        Accepted++;
        Complete += row.LabelCount == _labels.Length ? 1 : 0;
        for (int k = 0; k < _labels.Length; k++)
            _labels[k] += float.IsNaN(coordinates[2 * k]) ? 0 : 1;
        _order?.Add(coordinates);
        if (repetition == RowRepetition.SameImage)
            _otherLabels.Add(row.Row);
        if (row.HalfLabel >= 0)
            _halfLabels.Add(row.Row, _keypoints[row.HalfLabel]);
        if (row.OutsideLabel >= 0)
            _outsideLabels.Add(row.Row, _keypoints[row.OutsideLabel]);
        _lostPoints += row.Lost.Points;
        if (row.Lost.Points > 0)
            _lostLabels.Add(row.Row, _keypoints[row.Lost.First]);
    }

    /// <summary>Returns the mirror pairs, after all rows were counted: the stated ones, those of the names, or a published order's.</summary>
    public MirrorPairs? FindMirror() => _mirror = _order?.Find(out _orderObjection) ?? _mirror;

    /// <summary>Sets the frame size of the good rows.</summary>
    public void NoteFrame(FrameSize frame) => _frame = frame;

    /// <summary>Name of the file's sidecar, for messages.</summary>
    public string Sidecar { get; init; } = FileNames.OwnName(source) + SidecarFile.Ending;

    /// <summary>Adds what the survey of a file found.</summary>
    public void NoteFindings(SurveyFindings findings)
    {
        foreach (string guess in findings.Guesses)
            NoteGuess(guess);
        _warnings.AddRange(findings.Warnings);
    }

    /// <summary>Counts a good row's points at missing marks.</summary>
    public void AddMarks(ReadRow row)
    {
        _missingPoints += row.Marked.Missing;
        if (row.Marked.Missing > 0)
            _missingMarks.Add(row.Row, _keypoints[row.Marked.FirstMissing]);
        if (row.Marked.Kept > 0)
            _keptMarks.Add(row.Row, _keypoints[row.Marked.FirstKept]);
    }

    /// <summary>Adds a sentence about something that was found from the file's content (<see cref="DatasetReport.Guessed"/>). Ignores a
    /// sentence that was added before.</summary>
    public void NoteGuess(string sentence)
    {
        if (!_guessed.Contains(sentence))
            _guessed.Add(sentence);
    }

    /// <summary>Sets the number of empty lines.</summary>
    public void NoteBlankLines(long lines) => _blankLines = lines;

    /// <summary>Refuses a file with too many bad rows, or without any good row.</summary>
    /// <param name="maximumBadShare">The maximum share of bad rows.</param>
    /// <exception cref="RejectedFileException">The file is refused. The message is the reason.</exception>
    public void ThrowIfUnusable(double maximumBadShare)
    {
        if (RowsIn == 0)
            throw new RejectedFileException(_pictures is null ? $"{File} has a header but no rows." : $"{File} labels no instance.");
        if (_rejected > maximumBadShare * RowsIn)
        {
            throw new RejectedFileException(
                $"{_rejected:N0} of {RowsIn:N0} rows ({(double)_rejected / RowsIn:P1}) cannot be used; at most {maximumBadShare:P0} may be bad. "
                + $"The first: {_problems[0].Message}.");
        }

        if (Accepted == 0 && _predictions.Count > 0)
        {
            throw new RejectedFileException(
                $"{File} holds only predictions that nobody changed: {_predictions}. Correct some rows, or empty their origin to confirm them.");
        }

        if (Accepted == 0 && _erased > 0)
            throw new RejectedFileException($"Every usable row of {File} belongs to an erased group.");
        if (Accepted == 0)
            throw new RejectedFileException($"{File} has no row with an image and a label.");
    }

    /// <summary>Creates the report from the counts.</summary>
    public DatasetReport ToReport(string? datasetId, string? rejection) => new()
    {
        Source = source,
        File = File,
        Rejection = rejection,
        DatasetId = datasetId,
        Frame = _frame,
        RowsIn = RowsIn,
        RowsAccepted = Accepted,
        RowsRejected = _rejected,
        Duplicates = _duplicates.Count,
        Unlabelled = _unlabelled.Count,
        Erased = _erased,
        Predictions = _predictions.Count,
        Pictures = _pictures,
        Framing = _framing,
        CompleteRows = Complete,
        Labels = [.. _keypoints.Zip(_labels, (name, labels) => new KeypointLabels(name, labels))],
        Mirror = _mirror,
        MirrorNote = MirrorNote(),
        RejectedByKind = [.. _kinds.OrderByDescending(k => k.Value).ThenBy(k => k.Key).Select(k => new RowProblemCount(k.Key, k.Value))],
        Problems = _problems,
        Warnings = [.. Warnings()],
        Guessed = [.. _guessed],
    };

    private string? MirrorNote() => _mirror is null ? null
        : _mirror is { Source: MirrorPairs.Unknown }
            ? $"{_mirror}. If left and right change places in mirrored images, state the pairs: train --mirror a:b,c:d, or {{\"mirror\": [[\"a\", \"b\"]]}} in "
                + $"{Sidecar}"
        : $"{_mirror}";

    private string DescribeMarks() => _conventions.Missing.Count > 0
        ? $"Points at exactly {string.Join(" or ", _conventions.Missing)}"
        : "Points at exactly 0,0 or -1,-1 that are not labelled by their visibility column";

    private string HowToKeepMarks() =>
        _conventions.StatesMissing ? string.Empty : $" If they are real labels, state {{\"missing\": \"none\"}} in {Sidecar}.";

    private IEnumerable<string> Warnings()
    {
        if (_orderObjection is not null)
            yield return _orderObjection;
        if (_ignored.Count > 0)
            yield return $"Ignored columns: {ShownText.List(_ignored)}.";
        if (_blankLines > 0)
            yield return $"Blank lines skipped: {_blankLines:N0}.";
        if (_duplicates.Count > 0)
            yield return $"Rows left out because an earlier row has the same image and labels: {_duplicates}.";
        if (_otherLabels.Count > 0)
            yield return $"Rows kept although an earlier row has the same image with other labels: {_otherLabels}.";
        if (_unlabelled.Count > 0)
            yield return $"Rows left out because they have no label: {_unlabelled}.";
        if (_erased > 0)
            yield return $"Rows left out because their group was erased: {_erased:N0}.";
        if (_halfLabels.Count > 0)
            yield return $"Rows with a keypoint that has only one coordinate and counts as missing: {_halfLabels}.";
        if (_outsideLabels.Count > 0)
            yield return $"Rows kept although a keypoint is a little outside the frame: {_outsideLabels}.";
        if (_lostLabels.Count > 0)
            yield return $"Points far outside their frame that count as missing: {_lostPoints:N0}. Rows with such points: {_lostLabels}.";
        if (_predictions.Count > 0)
            yield return $"Rows left out because they are predictions that nobody changed: {_predictions}. To train on them, correct them or empty their origin.";
        if (_missingMarks.Count > 0)
            yield return $"{DescribeMarks()} count as missing: {_missingPoints:N0}. Rows with such points: {_missingMarks}.{HowToKeepMarks()}";
        if (_keptMarks.Count > 0)
        {
            yield return $"Rows with a keypoint at exactly 0,0 or -1,-1 that is kept as a label: {_keptMarks}. If such points are missing, state "
                + $"{{\"missing\": [[0, 0], [-1, -1]]}} in {Sidecar}.";
        }

        foreach (string warning in _warnings)
            yield return warning;
        if (Accepted > 0 && _labels.Contains(0))
            yield return $"Keypoints without any label: {ShownText.List([.. _keypoints.Where((_, k) => _labels[k] == 0)])}.";
    }
}
