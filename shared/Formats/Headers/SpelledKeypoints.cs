namespace KeypointPipeline.Formats.Headers;

/// <summary>Finds keypoints whose columns are spelled in another way than <c>&lt;name&gt;_x</c>.</summary>
internal static class SpelledKeypoints
{
    /// <summary>Corners of boxes are no keypoints: <c>x_min</c>, <c>xMax</c>.</summary>
    private static readonly HashSet<string> Corners = new(StringComparer.OrdinalIgnoreCase) { "min", "max" };

    private static readonly (string Word, bool IsX)[] Axes = [("x", true), ("y", false)];

    /// <summary>Returns every way to read columns as keypoints that gives at least one keypoint with x and y. Keypoints keep the order of
    /// the header.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="candidates">Indices of the columns that mean nothing else.</param>
    public static IReadOnlyList<KeypointReading> Find(IReadOnlyList<string> names, IReadOnlyList<int> candidates)
    {
        SpelledColumn[] columns = [.. candidates.SelectMany(column => Parse(names[column], column))];
        bool hasBare = columns.Any(column => column is { IsBare: true, IsX: true }) && columns.Any(column => column is { IsBare: true, IsX: false });
        SpelledReading[] readings =
        [
            .. Enum.GetValues<Spelling>()
                .Select(spelling => Read(names, [.. columns.Where(column => !column.IsBare && column.Spelled.Spelling == spelling)], hasBare ? columns : []))
                .Where(reading => reading.Keypoints.Complete > 0),
        ];

        // What may be ordinary words counts only if nothing else is found.
        return [.. readings.Where(reading => reading.IsSure || !readings.Any(other => other.IsSure)).Select(reading => reading.Keypoints)];
    }

    private static SpelledReading Read(IReadOnlyList<string> names, SpelledColumn[] columns, SpelledColumn[] withBare)
    {
        // pandas calls columns of one name x, x.1, x.2 …: the first has no number.
        bool isNumbered = columns.Length > 0 && columns[0].Spelled.Spelling is Spelling.Prefix or Spelling.JoinedPrefix
            && columns.All(column => column.Spelled.Keypoint.All(char.IsAsciiDigit));
        if (isNumbered)
            columns = [.. columns.Concat(withBare.Where(column => column.IsBare)).OrderBy(column => column.Column)];
        HashSet<string> words = FindWords(columns);
        var reading = new KeypointReading();
        foreach (SpelledColumn column in columns.Where(column => !words.Contains(column.Spelled.Keypoint)))
            reading.Add(column.IsBare ? "0" : column.Spelled.Keypoint, names[column.Column], column.Column, column.IsX);
        return new SpelledReading(reading, columns.Any(column => column.Spelled.IsSure));
    }

    /// <summary>Returns what would be keypoints with only one column, and are more likely ordinary words, such as <c>bo</c> in <c>box</c>.</summary>
    private static HashSet<string> FindWords(SpelledColumn[] columns) =>
        columns.GroupBy(column => column.Spelled.Keypoint, StringComparer.OrdinalIgnoreCase)
            .Where(keypoint => keypoint.All(column => !column.Spelled.IsSure) && keypoint.DistinctBy(column => column.IsX).Count() == 1)
            .Select(keypoint => keypoint.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<SpelledColumn> Parse(string name, int column)
    {
        foreach ((string axis, bool isX) in Axes)
        {
            if (SpelledName.IsBare(name, axis))
                yield return new SpelledColumn(new SpelledName(Spelling.Prefix, string.Empty), column, isX, IsBare: true);
            foreach (SpelledName spelled in SpelledName.Parse(name, axis).Where(spelled => !Corners.Contains(spelled.Keypoint)))
                yield return new SpelledColumn(spelled, column, isX, IsBare: false);
        }
    }

    private sealed record SpelledReading(KeypointReading Keypoints, bool IsSure);

    private sealed record SpelledColumn(SpelledName Spelled, int Column, bool IsX, bool IsBare);
}
