using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Headers;

/// <summary>Collects the meaning of a header's columns and all problems of the header.</summary>
/// <param name="statedGroup">The name of the group column that a person states, or null for <c>group</c>.</param>
/// <param name="needsImage">Whether the images are in the table. Otherwise an image column is an ignored column.</param>
internal sealed class HeaderReading(string? statedGroup, bool needsImage)
{
    private const int None = -1;
    private const string UsualGroup = "group";
    private readonly List<string> _names = [];
    private readonly List<string> _imageNames = [];
    private readonly List<int> _others = [];
    private FrameSize? _frame;
    private int _numbers;

    /// <summary>The keypoints and their columns, in header order.</summary>
    public IReadOnlyList<KeypointColumns> Keypoints { get; private set; } = [];

    /// <summary>Gets whether nothing looks like a keypoint's columns.</summary>
    public bool LacksKeypoints { get; private set; }

    /// <summary>Per keypoint, the index of the column that says whether it was labelled, or -1.</summary>
    public int[] Visibility { get; private set; } = [];

    /// <summary>Index of the image column, or -1.</summary>
    public int Image { get; private set; } = None;

    /// <summary>The columns of the pixels if each pixel has its own, or null.</summary>
    public PixelColumnNames? Pixels { get; private set; }

    /// <summary>Index of the group column, or -1.</summary>
    public int Group { get; private set; } = None;

    /// <summary>Names of the columns that are ignored.</summary>
    public IReadOnlyList<string> Ignored => [.. _others.Select(column => KeypointHeader.Show(_names, column))];

    /// <summary>The problems in words, for a message.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>What was found from names other than <c>&lt;name&gt;_x</c>, <c>&lt;name&gt;_y</c> and <c>Image</c>, in words.</summary>
    public List<string> Guesses { get; } = [];

    /// <summary>What a person should know about the header although it can be used, in words.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Adds the next column.</summary>
    public void Add(string name, int column)
    {
        _names.Add(name);
        if (name.Length > DatasetLimits.ColumnNameLength)
        {
            Problems.Add($"column {column + 1}: the name has {name.Length:N0} characters; at most {DatasetLimits.ColumnNameLength:N0} are allowed");
            return;
        }

        if (double.TryParse(name, CultureInfo.InvariantCulture, out _))
            _numbers++;
        if (name.Equals(statedGroup ?? UsualGroup, StringComparison.OrdinalIgnoreCase))
            AddGroup(column);
        else if (needsImage && IsImage(name, out FrameSize? frame))
            AddImage(name, column, frame);
        else
            _others.Add(column);
    }

    /// <summary>Checks the header as a whole, after all columns were added.</summary>
    /// <returns>The frame size that the header or a person states, or null.</returns>
    public FrameSize? Complete(FrameSize? statedFrame)
    {
        KeypointHeader header = TakeKeypoints();
        if (needsImage && Image == None)
            Pixels = PixelNames.Find(_names, _others, Problems);
        if (Pixels is not null)
            UsePixels(Pixels, statedFrame);
        else if (needsImage && Image == None)
            Problems.Add(_numbers == _names.Count ? "it is a row of numbers, so the file seems to have no header" : "there is no image column (Image or pixels)");
        if (_imageNames.Count > 1)
            Problems.Add($"there are {_imageNames.Count} image columns: {ShownText.List(_imageNames)}");
        if (LacksKeypoints)
            Problems.Add("there are no keypoint columns (<name>_x, <name>_y)");
        Problems.AddRange(header.Halves);
        if (statedGroup is not null && Group == None)
            Problems.Add($"there is no column {ShownText.Of(statedGroup)}, which is stated to be the group");
        Visibility = VisibilityNames.Find(_names, _others, Keypoints);
        _others.RemoveAll(Visibility.Contains);
        return CompleteFrame(statedFrame);
    }

    private KeypointHeader TakeKeypoints()
    {
        var header = new KeypointHeader(_names, _others);
        Keypoints = header.Keypoints;
        LacksKeypoints = header.LacksKeypoints;
        Problems.AddRange(header.Problems);
        if (header.Guess is not null)
            Guesses.Add(header.Guess);
        if (header.Warning is not null)
            Warnings.Add(header.Warning);
        _others.Clear();
        _others.AddRange(header.Others);
        return header;
    }

    private void UsePixels(PixelColumnNames pixels, FrameSize? statedFrame)
    {
        _frame = pixels.Frame;
        _imageNames.Add(pixels.Name);
        _others.RemoveAll(pixels.Columns.ToHashSet().Contains);
        FrameSize? frame = statedFrame ?? pixels.Frame;
        if (frame is not null && frame.Pixels != pixels.Columns.Count)
            Problems.Add($"there are {pixels.Columns.Count:N0} pixel columns ({pixels.Name}), but the frame {frame} needs {frame.Pixels:N0}");
        else if ((frame ?? FrameSize.Square(pixels.Columns.Count)) is { } size)
            Guesses.Add($"Pixels: one column each, {pixels.Name} ({size}).");
        else
            Problems.Add($"the {pixels.Columns.Count:N0} pixel columns ({pixels.Name}) are not a square, and no frame is stated");
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

    /// <summary>Returns whether a column is an image column: <c>Image</c> or <c>pixels</c>, with or without the frame. <c>Image_128x96</c>
    /// is 128 pixels wide.</summary>
    private static bool IsImage(string name, out FrameSize? frame)
    {
        int size = name.IndexOf('_');
        frame = size < 0 ? null : FrameSize.Parse(name.AsSpan(size + 1));
        ReadOnlySpan<char> word = frame is null ? name : name.AsSpan(0, size);
        return word.Equals("image", StringComparison.OrdinalIgnoreCase) || word.Equals("pixels", StringComparison.OrdinalIgnoreCase);
    }
}
