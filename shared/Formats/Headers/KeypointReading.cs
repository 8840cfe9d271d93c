using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Headers;

/// <summary>The keypoints of a header, read by one spelling of their columns. Names compare ignoring case.</summary>
internal sealed class KeypointReading
{
    private const int None = -1;
    private readonly Dictionary<string, int> _pairOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<KeypointColumns> _pairs = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<int, string> _columns = [];

    /// <summary>The keypoints in header order. A column that is not there is -1.</summary>
    public IReadOnlyList<KeypointColumns> Pairs => _pairs;

    /// <summary>Number of keypoints with both columns.</summary>
    public int Complete => _pairs.Count(pair => pair.IsComplete);

    /// <summary>Indices of the columns of this reading.</summary>
    public IReadOnlyCollection<int> Columns => _columns.Keys;

    /// <summary>The reading in words, for example <c>x_0, y_0 … (68 keypoints)</c>.</summary>
    public string Describe()
    {
        KeypointColumns first = _pairs.First(pair => pair.IsComplete);
        string example = $"{ShownText.Of(_columns[first.X])} and {ShownText.Of(_columns[first.Y])} for {ShownText.Of(first.Name)}";
        return $"{example} ({Complete:N0} {(Complete == 1 ? "keypoint" : "keypoints")})";
    }

    /// <summary>Adds a column.</summary>
    /// <param name="keypoint">The keypoint's name.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="index">The column's index.</param>
    /// <param name="isX">Whether the column holds x; otherwise it holds y.</param>
    public void Add(string keypoint, string column, int index, bool isX)
    {
        if (KeypointName.FindProblem(keypoint) is string problem)
        {
            _problems.Add($"column {index + 1}: the name of the keypoint {problem}");
            return;
        }

        if (!_pairOf.TryGetValue(keypoint, out int at))
        {
            at = _pairs.Count;
            _pairOf.Add(keypoint, at);
            _pairs.Add(new KeypointColumns(keypoint, None, None));
        }

        KeypointColumns pair = _pairs[at];
        int earlier = isX ? pair.X : pair.Y;
        if (earlier != None)
            _problems.Add(Repetition(column, _columns[earlier], isX, keypoint));
        _pairs[at] = isX ? pair with { X = index } : pair with { Y = index };
        _columns[index] = column;
    }

    /// <summary>Columns that occur twice, and names that cannot be used, in words.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Returns the keypoints with only one column, in words.</summary>
    /// <param name="nameOf">Returns what to call a missing column, given the keypoint and the axis.</param>
    public IEnumerable<string> Halves(Func<string, char, string> nameOf)
    {
        foreach (KeypointColumns pair in _pairs.Where(pair => !pair.IsComplete))
        {
            (int there, char lacking) = pair.X == None ? (pair.Y, 'x') : (pair.X, 'y');
            yield return $"{_columns[there]} has no {nameOf(pair.Name, lacking)}";
        }
    }

    private static string Repetition(string column, string earlier, bool isX, string keypoint) =>
        string.Equals(column, earlier, StringComparison.OrdinalIgnoreCase)
            ? $"{column} occurs twice"
            : $"{earlier} and {column} are both {(isX ? 'x' : 'y')} of {keypoint}";
}

/// <summary>The columns of a keypoint.</summary>
/// <param name="Name">The keypoint's name.</param>
/// <param name="X">Index of the column with its x, or -1.</param>
/// <param name="Y">Index of the column with its y, or -1.</param>
internal sealed record KeypointColumns(string Name, int X, int Y)
{
    /// <summary>Gets whether both columns are there.</summary>
    public bool IsComplete => X >= 0 && Y >= 0;
}
