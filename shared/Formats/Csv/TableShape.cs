using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Which fields of a row belong to which name of the header. Programs write rows that are longer than the header: R's
/// <c>write.table</c> puts a row's name in front, others end each line with a separator. Nothing is shifted on one row's evidence: the
/// first rows must agree. A row that does not fit is a bad row.</summary>
/// <param name="Columns">Number of columns: names of the header without empty ones at its end that the rows lack.</param>
/// <param name="RowNames">Number of fields in front of the first column: 1 if the rows have names, otherwise 0.</param>
/// <param name="Spare">Number of empty fields that may follow the last column.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableShape(int Columns, int RowNames, int Spare)
{
    private const int FewestCountedRows = 5;

    /// <summary>Number of fields that a row has.</summary>
    public int Fields => RowNames + Columns;

    /// <summary>Finds the shape from the first rows.</summary>
    /// <param name="sample">The first rows.</param>
    /// <param name="names">Number of names in the header.</param>
    public static TableShape Find(CsvSample sample, int names)
    {
        var plain = new TableShape(names, RowNames: 0, Spare: 0);
        if (sample.Header.Length != names)
            return plain;
        IGrouping<int, SampleField[]>? usual = sample.Rows.GroupBy(row => row.Length).MaxBy(group => group.Count());
        if (usual is null || usual.Key == names || 2 * usual.Count() <= sample.Rows.Count)
            return plain;
        if (usual.Key < names)
            return sample.Header[usual.Key..].All(name => name.IsBlank) ? new TableShape(usual.Key, RowNames: 0, Spare: names - usual.Key) : plain;

        SampleField[][] rows = [.. usual];
        bool isNamed = usual.Key == names + 1 && AreRowNames(rows) && IsImageAt(sample.Header, rows, offset: 1);
        SampleField[][] spare = [.. rows.Where(row => row[names..].All(field => field.IsBlank))];
        bool hasSpare = 2 * spare.Length > rows.Length && IsImageAt(sample.Header, spare, offset: 0);
        return (isNamed, hasSpare) switch
        {
            (true, false) => plain with { RowNames = 1 },
            (false, true) => plain with { Spare = usual.Key - names },
            _ => plain,
        };
    }

    /// <summary>Describes what differs from one field per name, one sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        if (RowNames > 0)
            yield return "Rows have one field more than the header: the first is taken as the row's name and ignored.";
        if (Spare > 0)
            yield return "Rows or header end with separators that the other lacks: the empty fields there are ignored.";
    }

    /// <summary>Whether the first fields can be names of rows: texts, or numbers in quotes while other numbers have none, or numbers that
    /// count the rows. A number with a decimal comma that was split is none of these.</summary>
    private static bool AreRowNames(SampleField[][] rows)
    {
        string[] names = [.. rows.Select(row => Encoding.Latin1.GetString(row[0].Text.Span))];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length || rows.Any(row => row[0].IsBlank))
            return false;
        if (rows.All(row => row[0].IsQuoted) && !rows.All(row => row[1].IsQuoted))
            return true;
        if (!rows.Any(row => Utf8Parser.TryParse(row[0].Text.Span, out double _, out int used) && used > 0))
            return true;
        return names.Length >= FewestCountedRows && (Counts(names, from: 1) || Counts(names, from: 0));
    }

    private static bool Counts(string[] names, int from) => names.Select((name, i) => name == $"{i + from}").All(isNext => isNext);

    /// <summary>Whether the image column, if the header names one, has each row's longest field.</summary>
    private static bool IsImageAt(SampleField[] header, SampleField[][] rows, int offset)
    {
        int image = Array.FindIndex(header, name => IsImage(name.Text.Span.Trim(" \t"u8)));
        return image < 0 || rows.All(row => row[image + offset].Text.Length == row.Max(field => field.Text.Length));
    }

    /// <summary>Whether a name is <c>Image</c> or <c>pixels</c>, also with a frame: <c>Image_128x96</c>.</summary>
    private static bool IsImage(ReadOnlySpan<byte> name)
    {
        int frame = name.IndexOf((byte)'_');
        ReadOnlySpan<byte> word = frame < 0 ? name : name[..frame];
        return Ascii.EqualsIgnoreCase(word, "image"u8) || Ascii.EqualsIgnoreCase(word, "pixels"u8);
    }
}
