using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.DeepLabCut;

/// <summary>The header rows of a table: which columns hold the picture's path, and which hold which point of which individual.</summary>
/// <param name="Rows">Number of header rows below the first line of the file.</param>
/// <param name="PathColumns">Number of columns that make up the path: 1, or 3 for folder, video and picture.</param>
/// <param name="Points">The points.</param>
/// <param name="IsPrediction">Whether the points have a likelihood: a network predicted them.</param>
/// <param name="OtherScorers">Scorers whose points are left out, because an earlier scorer labelled the same body parts.</param>
internal sealed record DeepLabCutHeader(
    int Rows, int PathColumns, IReadOnlyList<DeepLabCutPoint> Points, bool IsPrediction, IReadOnlyList<string> OtherScorers)
{
    /// <summary>The most lines that a header has: scorer, individuals, bodyparts, coords.</summary>
    public const int MostLines = 4;

    /// <summary>Number of individuals.</summary>
    public int Individuals => Points.Select(point => point.Individual).Distinct(StringComparer.Ordinal).Count();

    private const string Scorer = "scorer";
    private const string IndividualsLine = "individuals";
    private const string Bodyparts = "bodyparts";
    private const string Coords = "coords";
    private static readonly string[] PredictionWords = ["likelihood", "score", "confidence"];

    /// <summary>Returns whether a line is the last one of a header.</summary>
    public static bool IsLast(IReadOnlyList<string> line) => Is(line, Coords);

    /// <summary>Returns whether the first lines of a table are such a header.</summary>
    /// <param name="lines">The fields of the first lines.</param>
    public static bool Is(IEnumerable<IReadOnlyList<string>> lines)
    {
        IReadOnlyList<string>[] header = Take(lines);
        return header.Length > 1 && IsLast(header[^1]) && Array.Exists(header, line => Is(line, Bodyparts))
            && header.All(line => Is(line, Scorer) || Is(line, IndividualsLine) || Is(line, Bodyparts) || Is(line, Coords));
    }

    /// <summary>Reads the header.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="lines">The fields of the first lines, up to the one with the coordinates.</param>
    /// <exception cref="RejectedFileException">The lines are no header, or a point is incomplete or named twice.</exception>
    public static DeepLabCutHeader Read(string file, IReadOnlyList<IReadOnlyList<string>> lines)
    {
        if (!Is(lines))
        {
            throw new RejectedFileException($"{file}: the first lines are expected to begin with {Scorer}, {Bodyparts} and {Coords}, "
                + $"or with {Scorer}, {IndividualsLine}, {Bodyparts} and {Coords}, as DeepLabCut writes them.");
        }

        IReadOnlyList<string> coords = Line(lines, Coords)!;
        IReadOnlyList<string> bodyparts = Line(lines, Bodyparts)!;
        int paths = 1;
        while (paths < coords.Count && coords[paths].Length == 0 && bodyparts[paths].Length == 0)
            paths++;
        var builder = new PointBuilder(file, Line(lines, Scorer), Line(lines, IndividualsLine), bodyparts);
        for (int column = paths; column < coords.Count; column++)
            builder.Add(column, coords[column].Trim().ToLowerInvariant());
        return new DeepLabCutHeader(lines.Count - 1, paths, builder.Complete(), builder.IsPrediction, builder.OtherScorers);
    }

    private static IReadOnlyList<string>[] Take(IEnumerable<IReadOnlyList<string>> lines)
    {
        IReadOnlyList<string>[] first = [.. lines.Take(MostLines)];
        int last = Array.FindIndex(first, IsLast);
        return first[..(last + 1)];
    }

    private static IReadOnlyList<string>? Line(IEnumerable<IReadOnlyList<string>> lines, string name) => lines.FirstOrDefault(line => Is(line, name));

    private static bool Is(IReadOnlyList<string> line, string name) => line.Count > 0 && line[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Collects the columns of points.</summary>
    private sealed class PointBuilder(string file, IReadOnlyList<string>? scorers, IReadOnlyList<string>? individuals, IReadOnlyList<string> bodyparts)
    {
        private readonly List<DeepLabCutPoint> _points = [];
        private readonly Dictionary<(string? Individual, string Bodypart), (int Index, string Scorer)> _indices = [];
        private readonly HashSet<string> _otherScorers = new(StringComparer.Ordinal);

        public bool IsPrediction { get; private set; }

        public IReadOnlyList<string> OtherScorers => [.. _otherScorers];

        public void Add(int column, string coordinate)
        {
            if (PredictionWords.Contains(coordinate))
                IsPrediction = true;
            if (coordinate is not ("x" or "y" or "visible" or "visibility"))
                return;
            if (IndexOf(column) is not int index)
                return;
            DeepLabCutPoint point = _points[index];
            int earlier = coordinate switch { "x" => point.X, "y" => point.Y, _ => point.Visible };
            if (earlier >= 0)
                throw new RejectedFileException($"{file}: columns {earlier + 1} and {column + 1} are both {coordinate} of {point.Describe()}. Remove one.");
            _points[index] = coordinate switch
            {
                "x" => point with { X = column },
                "y" => point with { Y = column },
                _ => point with { Visible = column },
            };
        }

        public List<DeepLabCutPoint> Complete()
        {
            if (_points.Count == 0)
                throw new RejectedFileException($"{file}: the line that begins with {Coords} names no x and y columns.");
            if (_points.Find(point => point.X < 0 || point.Y < 0) is { } half)
                throw new RejectedFileException($"{file}: {half.Describe()} has no {(half.X < 0 ? "x" : "y")} column. Each body part needs x and y.");
            return _points;
        }

        private int? IndexOf(int column)
        {
            string bodypart = bodyparts[column].Trim();
            if (KeypointName.FindProblem(bodypart) is string problem)
                throw new RejectedFileException($"{file}, column {column + 1}: the name of the body part {problem}.");
            string? individual = individuals?[column].Trim() is { Length: > 0 } name ? name : null;
            string scorer = scorers?[column].Trim() ?? string.Empty;
            if (!_indices.TryGetValue((individual, bodypart), out (int Index, string Scorer) found))
            {
                found = (_points.Count, scorer);
                _indices.Add((individual, bodypart), found);
                _points.Add(new DeepLabCutPoint(individual, bodypart));
            }

            if (found.Scorer == scorer)
                return found.Index;
            _otherScorers.Add(ShownText.Of(scorer));
            return null;
        }
    }
}

/// <summary>A point of the table.</summary>
/// <param name="Individual">Whose point it is; null in tables of one individual.</param>
/// <param name="Bodypart">Name of the body part.</param>
internal sealed record DeepLabCutPoint(string? Individual, string Bodypart)
{
    /// <summary>Index of the column with x, or -1.</summary>
    public int X { get; init; } = -1;

    /// <summary>Index of the column with y, or -1.</summary>
    public int Y { get; init; } = -1;

    /// <summary>Index of the column that says whether the point is visible, or -1.</summary>
    public int Visible { get; init; } = -1;

    /// <summary>Names the point for messages: <c>nose</c>, or <c>nose of mouse1</c>.</summary>
    public string Describe() => Individual is null ? ShownText.Of(Bodypart) : $"{ShownText.Of(Bodypart)} of {ShownText.Of(Individual)}";
}
