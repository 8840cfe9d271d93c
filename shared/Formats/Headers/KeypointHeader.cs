using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Headers;

/// <summary>The keypoints of a header, in the spelling that the header has: <c>&lt;name&gt;_x</c> and <c>&lt;name&gt;_y</c>, or another
/// one (<see cref="SpelledKeypoints"/>).</summary>
internal sealed class KeypointHeader
{
    /// <summary>Messages show this many characters of each problem.</summary>
    public const int LongestProblem = 500;

    private readonly IReadOnlyList<string> _names;
    private readonly KeypointReading _plain = new();
    private readonly List<int> _others = [];
    private readonly List<string> _problems = [];
    private bool _isAmbiguous;

    /// <summary>Reads the keypoints.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="candidates">Indices of the columns that mean nothing else, in order.</param>
    public KeypointHeader(IReadOnlyList<string> names, IEnumerable<int> candidates)
    {
        _names = names;
        foreach (int column in candidates)
        {
            if (IsAxis(names[column], 'x'))
                AddAxis(column, isX: true);
            else if (IsAxis(names[column], 'y'))
                AddAxis(column, isX: false);
            else
                _others.Add(column);
        }

        Keypoints = Choose();
    }

    /// <summary>The keypoints and their columns, in header order.</summary>
    public IReadOnlyList<KeypointColumns> Keypoints { get; }

    /// <summary>Gets whether nothing looks like a keypoint's columns.</summary>
    public bool LacksKeypoints => Keypoints.Count == 0 && !_isAmbiguous;

    /// <summary>Indices of the columns that mean nothing, in order.</summary>
    public IReadOnlyList<int> Others => _others;

    /// <summary>What was found from names other than <c>&lt;name&gt;_x</c> and <c>&lt;name&gt;_y</c>, or null.</summary>
    public string? Guess { get; private set; }

    /// <summary>What a person should know about the header although it can be used, or null.</summary>
    public string? Warning { get; private set; }

    /// <summary>The problems in words, for a message.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Keypoints in the plain spelling with only one column, in words.</summary>
    public IEnumerable<string> Halves => _plain.Halves((keypoint, axis) => $"{keypoint}_{axis}");

    /// <summary>What messages call a column.</summary>
    public static string Show(IReadOnlyList<string> names, int column) =>
        names[column].Length == 0 ? $"column {column + 1} (no name)" : ShownText.Of(names[column]);

    private IReadOnlyList<KeypointColumns> Choose()
    {
        _problems.AddRange(_plain.Problems);
        IReadOnlyList<KeypointReading> others = SpelledKeypoints.Find(_names, _others);
        if (others.Count == 0)
            return _plain.Pairs;
        if (others.All(other => other.Complete <= _plain.Complete))
        {
            Warning = $"Ignored although they look like coordinates in another spelling: {ShownText.List([.. others.Select(other => other.Describe())])}.";
            return _plain.Pairs;
        }

        if (_plain.Complete == 0 && others.Count == 1)
        {
            _problems.AddRange(others[0].Problems);
            _problems.AddRange(others[0].Halves((keypoint, axis) => $"column for {axis} of {keypoint}"));
            _others.RemoveAll(others[0].Columns.Contains);
            Guess = $"Keypoint columns: {others[0].Describe()}.";
            return others[0].Pairs;
        }

        _isAmbiguous = true;
        string[] readings = [.. others.Append(_plain).Where(reading => reading.Complete > 0).Select(reading => reading.Describe())];
        _problems.Add(
            $"the keypoint columns can be read in {readings.Length} ways: {ShownText.List(readings, "; or ")}. Rename the columns that you mean to <name>_x and <name>_y, and take out the others");
        return _plain.Pairs;
    }

    private void AddAxis(int column, bool isX)
    {
        string name = _names[column][..^2].TrimEnd();
        if (name.Length == 0)
            _problems.Add($"column {column + 1}, {_names[column]}, does not name a keypoint");
        else
            _plain.Add(name, _names[column], column, isX);
    }

    private static bool IsAxis(string name, char axis) =>
        name.Length >= 2 && name[^2] == '_' && char.ToLowerInvariant(name[^1]) == axis;
}
