using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;

namespace KeypointPipeline.Formats.PictureCsv;

/// <summary>Reads the header of a table with one row per instance, and finds all of its problems.</summary>
internal sealed class PictureHeader
{
    private readonly IReadOnlyList<string> _names;
    private readonly List<string> _problems = [];
    private readonly List<string> _guesses = [];
    private readonly List<string> _warnings = [];

    /// <summary>Reads a header.</summary>
    /// <param name="start">The first rows. They show which column names the pictures.</param>
    /// <param name="group">Name of the group column that a person states, or null for <c>group</c>.</param>
    public PictureHeader(TableStart start, string? group)
    {
        _names = start.Names;
        int picture = PictureColumn.Find(start, out string? severalPictures);
        if (picture < 0 && severalPictures is null)
            return;
        if (severalPictures is not null)
            _problems.Add(severalPictures);
        if (picture >= 0 && IsValues(picture))
        {
            IsLabels = true;
            _problems.Add("the first line holds values and no names. Write a line above it that names the columns: image,<name>_x,<name>_y and so on");
            return;
        }

        Columns = Read(Math.Max(picture, 0), group);
    }

    /// <summary>Whether the table names pictures and points.</summary>
    public bool IsLabels { get; private set; }

    /// <summary>The columns. Null if the table is none of labels, or its first line is no header.</summary>
    public PictureColumns? Columns { get; }

    /// <summary>Why the table cannot be used, in words. The columns are complete if there are none.</summary>
    public IReadOnlyList<string> Problems => _problems;

    private PictureColumns? Read(int picture, string? stated)
    {
        int group = FactColumns.FindGroup(_names, stated, out string? groupProblem);
        int status = FactColumns.Find(_names, ColumnNames.Status);
        int origin = FactColumns.Find(_names, ColumnNames.Origin);
        int face = FactColumns.Find(_names, ColumnNames.Face);
        bool isResult = status >= 0 && FactColumns.Find(_names, ColumnNames.Width) >= 0 && FactColumns.Find(_names, ColumnNames.Height) >= 0;
        var columns = new PictureColumns(picture, [])
        {
            Group = group,
            Instance = FactColumns.Find(_names, ColumnNames.Instance, "instance_id"),
            Origin = origin,
            Checksum = FactColumns.Find(_names, ColumnNames.Checksum),
            Status = isResult ? status : -1,
        };
        HashSet<int> taken = [picture, columns.Group, columns.Instance, columns.Origin, columns.Checksum, columns.Status];
        if (isResult)
            taken.Add(face);
        KeypointHeader header = TakeBox(taken, out SideColumns? box);
        columns = columns with { Box = box, Size = FactColumns.FindSize(_names, taken) };
        if (columns.Size is { } size)
            taken.UnionWith([size.Width, size.Height]);
        columns = TakeKeypoints(columns, header, taken);
        IsLabels = columns.Keypoints.Count > 0 || !header.LacksKeypoints;
        if (!IsLabels)
            return null;
        if (groupProblem is not null)
            _problems.Add(groupProblem);
        if (isResult && origin < 0)
        {
            _problems.Add("it holds results of an earlier version, which do not say what a model predicted and what a person corrected. Predict the pictures "
                + "again and correct that file; or, if a person has checked every row, delete the column status");
        }

        return columns;
    }

    /// <summary>Finds the box and, in the other columns, the keypoints. Columns such as <c>x1,y1,x2,y2</c> are a box only if the keypoints
    /// are elsewhere.</summary>
    private KeypointHeader TakeBox(HashSet<int> taken, out SideColumns? box)
    {
        box = SideColumns.Find(_names, mayBePlain: false);
        if (box is not null)
            taken.UnionWith(box.Columns);
        var header = new KeypointHeader(_names, Candidates(taken));
        if (box is not null || SideColumns.Find(_names, mayBePlain: true) is not { } plain)
            return header;
        bool isOfKeypoints = header.LacksKeypoints || header.Keypoints.Any(keypoint => plain.Columns.Contains(keypoint.X) || plain.Columns.Contains(keypoint.Y));
        if (isOfKeypoints || plain.Columns.Any(taken.Contains))
            return header;
        box = plain;
        taken.UnionWith(plain.Columns);
        return new KeypointHeader(_names, Candidates(taken));
    }

    private PictureColumns TakeKeypoints(PictureColumns columns, KeypointHeader header, HashSet<int> taken)
    {
        _problems.AddRange(header.Problems);
        _problems.AddRange(header.Halves);
        _problems.AddRange(Candidates(taken).Where(column => _names[column].Length > DatasetLimits.ColumnNameLength).Take(1)
            .Select(column => $"column {column + 1}: the name has {_names[column].Length:N0} characters; at most {DatasetLimits.ColumnNameLength:N0} are allowed"));
        if (header.Guess is not null)
            _guesses.Add(header.Guess);
        if (header.Warning is not null)
            _warnings.Add(header.Warning);
        IReadOnlyList<KeypointColumns> keypoints = header.Keypoints;
        if (header.LacksKeypoints)
        {
            keypoints = UnnamedPoints.Find(_names, header.Others, out string? guess);
            if (guess is not null)
                _guesses.Add(guess);
        }

        int[] states = VisibilityNames.Find(_names, [.. header.Others], keypoints);
        HashSet<int> used = [.. taken, .. states, .. keypoints.SelectMany(keypoint => new[] { keypoint.X, keypoint.Y })];
        string[] ignored = [.. header.Others.Where(column => !used.Contains(column)).Select(column => KeypointHeader.Show(_names, column))];
        if (ignored.Length > 0)
            _warnings.Add($"Ignored columns: {ShownText.List(ignored)}.");
        return columns with
        {
            Keypoints = keypoints,
            States = states.Any(column => column >= 0) ? states : null,
            Guesses = _guesses,
            Warnings = _warnings,
        };
    }

    /// <summary>Whether the first line is a row: it names a picture, and the other fields are numbers.</summary>
    private bool IsValues(int picture) =>
        PictureColumn.IsPictureName(_names[picture])
        && _names.Where((name, column) => column != picture && double.TryParse(name, CultureInfo.InvariantCulture, out _)).Take(2).Count() == 2;

    private IEnumerable<int> Candidates(HashSet<int> taken) => Enumerable.Range(0, _names.Count).Where(column => !taken.Contains(column));
}
