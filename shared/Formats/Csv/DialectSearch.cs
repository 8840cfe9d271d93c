using System.Buffers;
using System.Text;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Finds how a table is written from its first lines: the header says which separators are possible, and the rows below confirm
/// one of them.</summary>
internal static class DialectSearch
{
    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789+-., \tEe"u8);

    private static ReadOnlySpan<byte> Statement => "sep="u8;

    /// <summary>Finds the dialect, and splits the first records.</summary>
    /// <param name="text">The start of the text.</param>
    /// <param name="ended">Whether the file ends with the text.</param>
    public static CsvSample Find(ReadOnlySpan<byte> text, bool ended)
    {
        byte lineEnd = text.Contains((byte)'\n') || !text.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        CsvDialect plain = CsvDialect.Plain with { LineEnd = lineEnd };
        if (!TryTakeStatement(text, lineEnd, out byte stated, out ReadOnlySpan<byte> rest))
            return Choose(text, ended, plain);
        CsvSample sample = CsvSample.Of(rest, ended, plain with { Separator = stated, IsStated = true });
        return sample.Header.Length > 1 ? sample : Choose(rest, ended, plain with { IsStated = true });
    }

    /// <summary>Takes the line <c>sep=;</c>. Other programs may have put it into quotes, and separators behind it.</summary>
    private static bool TryTakeStatement(ReadOnlySpan<byte> text, byte lineEnd, out byte separator, out ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> start = text.TrimStart("\r\n"u8);
        int end = start.IndexOf(lineEnd);
        ReadOnlySpan<byte> line = (end < 0 ? start : start[..end]).TrimEnd((byte)'\r').TrimStart((byte)'"');
        rest = end < 0 ? [] : start[(end + 1)..];
        separator = 0;
        if (line.Length <= Statement.Length || !Ascii.EqualsIgnoreCase(line[..Statement.Length], Statement))
            return false;
        separator = line[Statement.Length];
        return Ascii.IsValid(separator) && !char.IsAsciiLetterOrDigit((char)separator) && separator != '"'
            && line[(Statement.Length + 1)..].IndexOfAnyExcept([separator, (byte)'"', .. CsvDialect.Separators]) < 0;
    }

    private static CsvSample Choose(ReadOnlySpan<byte> text, bool ended, CsvDialect dialect)
    {
        CsvSample? best = null;
        foreach (byte separator in CsvDialect.Separators)
        {
            CsvDialect possible = dialect with { Separator = separator };
            if (CsvSample.Of(text, ended, possible, mostRows: 0).Header.Length < 2)
                continue;
            CsvSample sample = CsvSample.Of(text, ended, possible);
            if (best is null || Fit(sample).CompareTo(Fit(best)) > 0)
                best = sample;
        }

        if (best is not null)
            return best;
        CsvSample spaced = CsvSample.Of(text, ended, dialect with { Separator = (byte)' ' });
        return IsSpaced(spaced) ? spaced : CsvSample.Of(text, ended, dialect);
    }

    /// <summary>How well the rows below the header confirm a separator: first the share of rows with as many fields as the header, or one
    /// more; then the share of their fields that are numbers; then the number of columns.</summary>
    private static (double Rows, double Numbers, int Columns) Fit(CsvSample sample)
    {
        int columns = sample.Header.Length;
        SampleField[][] fitting = [.. sample.Rows.Where(row => row.Length == columns || row.Length == columns + 1)];
        double numbers = fitting.Length == 0 ? 0 : fitting.Average(row => (double)row.Count(IsOfNumbers) / row.Length);
        return (sample.Rows.Count == 0 ? 0 : (double)fitting.Length / sample.Rows.Count, numbers, columns);
    }

    private static bool IsOfNumbers(SampleField field) => field.Text.Span.IndexOfAnyExcept(OfNumbers) < 0;

    /// <summary>R's <c>write.table</c> separates by spaces. Names and pixels have spaces too, so every row must confirm it.</summary>
    private static bool IsSpaced(CsvSample sample)
    {
        int columns = sample.Header.Length;
        return columns > 1 && sample.Rows.Count > 0 && sample.Rows.All(row => row.Length == columns || row.Length == columns + 1);
    }
}
