using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Collects the meaning of a header's columns and all problems of the header.</summary>
/// <param name="statedGroup">The name of the group column that a person states, or null for <c>group</c>.</param>
/// <param name="needsImage">Whether the images are in the table. Otherwise an image column is an ignored column.</param>
internal sealed class HeaderReading(string? statedGroup, bool needsImage)
{
    private const int None = -1;
    private const string UsualGroup = "group";
    private readonly Dictionary<string, int> _pairOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Pair> _pairs = [];
    private readonly List<string> _imageNames = [];
    private FrameSize? _frame;
    private int _numbers;
    private int _columns;

    /// <summary>The keypoints and their columns, in header order.</summary>
    public IReadOnlyList<Pair> Pairs => _pairs;

    /// <summary>Index of the image column, or -1.</summary>
    public int Image { get; private set; } = None;

    /// <summary>Index of the group column, or -1.</summary>
    public int Group { get; private set; } = None;

    /// <summary>Names of the columns that are ignored.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>The problems in words, for a message.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Adds the next column.</summary>
    public void Add(string name, int column)
    {
        _columns++;
        if (name.Length > DatasetLimits.ColumnNameLength)
        {
            Problems.Add($"column {column + 1}: the name has {name.Length:N0} characters; at most {DatasetLimits.ColumnNameLength:N0} are allowed");
            return;
        }

        if (double.TryParse(name, CultureInfo.InvariantCulture, out _))
            _numbers++;
        if (name.Equals(statedGroup ?? UsualGroup, StringComparison.OrdinalIgnoreCase))
            AddGroup(column);
        else if (IsAxis(name, 'x'))
            AddAxis(name, column, isX: true);
        else if (IsAxis(name, 'y'))
            AddAxis(name, column, isX: false);
        else if (needsImage && IsImage(name, out FrameSize? frame))
            AddImage(name, column, frame);
        else
            Ignored.Add(name.Length == 0 ? $"column {column + 1} (no name)" : ShownText.Of(name));
    }

    /// <summary>Checks the header as a whole, after all columns were added.</summary>
    /// <returns>The frame size that the header or a person states, or null.</returns>
    public FrameSize? Complete(FrameSize? statedFrame)
    {
        if (needsImage && Image == None)
            Problems.Add(_numbers == _columns ? "it is a row of numbers, so the file seems to have no header" : "there is no image column (Image or pixels)");
        if (_imageNames.Count > 1)
            Problems.Add($"there are {_imageNames.Count} image columns: {ShownText.List(_imageNames)}");
        if (_pairs.Count == 0)
            Problems.Add("there are no keypoint columns (<name>_x, <name>_y)");
        foreach (Pair pair in _pairs.Where(p => p.X == None || p.Y == None))
            Problems.Add(pair.X == None ? $"{pair.Name}_y has no {pair.Name}_x" : $"{pair.Name}_x has no {pair.Name}_y");
        if (statedGroup is not null && Group == None)
            Problems.Add($"there is no column {ShownText.Of(statedGroup)}, which is stated to be the group");
        return CompleteFrame(statedFrame);
    }

    private FrameSize? CompleteFrame(FrameSize? statedFrame)
    {
        if (_frame is not null && statedFrame is not null && _frame != statedFrame)
            Problems.Add($"{_imageNames[0]} states the frame {_frame}, but {statedFrame} is stated for it");
        FrameSize? frame = statedFrame ?? _frame;
        if (frame is { IsSupported: false })
            Problems.Add($"the frame is {frame}, but only sides of 8 to 1,024 pixels are supported");
        return frame;
    }

    private void AddAxis(string column, int index, bool isX)
    {
        string name = column[..^2].TrimEnd();
        if (name.Length == 0)
        {
            Problems.Add($"column {index + 1}, {column}, does not name a keypoint");
            return;
        }

        if (KeypointName.FindProblem(name) is string problem)
        {
            Problems.Add($"column {index + 1}: the name of the keypoint {problem}");
            return;
        }

        if (!_pairOf.TryGetValue(name, out int at))
        {
            at = _pairs.Count;
            _pairOf.Add(name, at);
            _pairs.Add(new Pair(name, None, None));
        }

        Pair pair = _pairs[at];
        if ((isX ? pair.X : pair.Y) != None)
            Problems.Add($"{column} occurs twice");
        _pairs[at] = isX ? pair with { X = index } : pair with { Y = index };
    }

    private void AddImage(string name, int column, FrameSize? frame)
    {
        _imageNames.Add(name);
        Image = column;
        _frame = frame;
    }

    private void AddGroup(int column)
    {
        if (Group != None)
            Problems.Add($"{ShownText.Of(statedGroup ?? UsualGroup)} occurs twice");
        Group = column;
    }

    private static bool IsAxis(string name, char axis) =>
        name.Length >= 2 && name[^2] == '_' && char.ToLowerInvariant(name[^1]) == axis;

    /// <summary>Returns whether a column is an image column: <c>Image</c> or <c>pixels</c>, with or without the frame. <c>Image_128x96</c>
    /// is 128 pixels wide.</summary>
    private static bool IsImage(string name, out FrameSize? frame)
    {
        int size = name.IndexOf('_');
        frame = size < 0 ? null : FrameSize.Parse(name.AsSpan(size + 1));
        ReadOnlySpan<char> word = frame is null ? name : name.AsSpan(0, size);
        return word.Equals("image", StringComparison.OrdinalIgnoreCase) || word.Equals("pixels", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A keypoint and the columns of its coordinates.</summary>
    internal sealed record Pair(string Name, int X, int Y);
}
