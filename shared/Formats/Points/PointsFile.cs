using System.Globalization;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Points;

/// <summary>The content of one file.</summary>
/// <param name="Points">The points in the file's own coordinates. Both are NaN if the position is unknown.</param>
/// <param name="Fault">Why the file cannot be used, or null.</param>
internal sealed record PointsFile(IReadOnlyList<(double X, double Y)> Points, RowFault? Fault)
{
    /// <summary>The most bytes of a file: far more than <see cref="DatasetLimits.Keypoints"/> points take.</summary>
    private const int MostBytes = 1024 * 1024;

    /// <summary>Numbers beyond it are no pixels.</summary>
    private const double Largest = 1e9;

    private static readonly char[] Blanks = [' ', '\t', ',', ';'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<PointsFile> ReadAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        byte[] content = new byte[Math.Min(MostBytes, (int)Math.Min(file.Length ?? MostBytes, MostBytes)) + 1];
        try
        {
            await using Stream stream = await NamedFile.Of(set, file).OpenAsync(cancellationToken);
            int read = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
            return read > MostBytes ? Bad($"is longer than {MostBytes:N0} bytes") : Parse(Encoding.UTF8.GetString(content, 0, read));
        }
        catch (RejectedFileException e)
        {
            return Bad(e.Message);
        }
    }

    /// <summary>Parses the text of a file.</summary>
    public static PointsFile Parse(string text)
    {
        int open = text.IndexOf('{', StringComparison.Ordinal);
        int close = text.IndexOf('}', StringComparison.Ordinal);
        if (open < 0 || close < open)
            return Bad("points between braces are expected. The file may be cut off");
        var points = new List<(double X, double Y)>();
        int line = text.AsSpan(0, open).Count('\n') + 1;
        foreach (ReadOnlySpan<char> row in text.AsSpan(open + 1, close - open - 1).EnumerateLines())
        {
            if (!row.IsWhiteSpace())
            {
                if (ParsePoint(row.ToString()) is not { } point)
                    return Bad($"line {line:N0}: {Quote(row)} is not a point. Two numbers, x and y, are expected");
                points.Add(point);
            }

            line++;
        }

        if (points.Count == 0 || points.Count > DatasetLimits.Keypoints)
            return Bad($"has {points.Count:N0} points: 1 to {DatasetLimits.Keypoints:N0} are expected");
        return StatedCount(text[..open]) is { } stated && stated != points.Count
            ? Bad($"states {stated:N0} points and has {points.Count:N0}. The file may be cut off")
            : new PointsFile(points, Fault: null);
    }

    private static (double X, double Y)? ParsePoint(string row)
    {
        string[] words = row.Split(Blanks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length == 2 && Number(words[0]) is { } x && Number(words[1]) is { } y ? (x, y) : null;
    }

    private static string Quote(ReadOnlySpan<char> row) => ShownText.Quote(Encoding.UTF8.GetBytes(row.Trim().ToString()));

    private static double? Number(string word)
    {
        if (word.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return double.NaN;
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < Largest ? number : null;
    }

    private static int? StatedCount(string header)
    {
        int name = header.IndexOf("n_points", StringComparison.OrdinalIgnoreCase);
        int colon = name < 0 ? -1 : header.IndexOf(':', name);
        string value = colon < 0 ? string.Empty : header[(colon + 1)..].TrimStart().Split('\n', ' ', '\r', '\t')[0];
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
    }

    private static PointsFile Bad(string problem) => new([], new RowFault(RowProblemKind.Label, Column: null, problem));
}
