namespace KeypointPipeline.Formats.Csv;

/// <summary>The first records of a table, split without changing the text.</summary>
/// <param name="Dialect">How they were split.</param>
/// <param name="Header">Fields of the header. Empty if the text does not hold all of a header that can be split.</param>
/// <param name="Rows">Fields of the first rows, without blank rows and rows that cannot be split.</param>
internal sealed record CsvSample(CsvDialect Dialect, SampleField[] Header, IReadOnlyList<SampleField[]> Rows)
{
    private const int MostRows = 20;

    /// <summary>Splits the start of a table.</summary>
    /// <param name="text">The text after the line that states the separator, if there is one.</param>
    /// <param name="ended">Whether the file ends with the text.</param>
    /// <param name="dialect">How to split it.</param>
    /// <param name="mostRows">The maximum number of rows below the header.</param>
    public static CsvSample Of(ReadOnlySpan<byte> text, bool ended, CsvDialect dialect, int mostRows = MostRows)
    {
        var fields = new CsvFields(DatasetLimits.Columns + 1, dialect.Separator);
        var rows = new List<SampleField[]>();
        SampleField[]? header = null;
        while ((header is null || rows.Count < mostRows) && !text.IsEmpty
            && QuotedRecord.TryFindEnd(text, ended, dialect, out int length, out _, out _))
        {
            byte[] record = text[..length].TrimEnd((byte)'\r').ToArray();
            text = text[Math.Min(length + 1, text.Length)..];
            if (dialect.IsBlank(record))
                continue;
            bool isSplit = fields.TrySplit(record) && fields.Count <= DatasetLimits.Columns;
            if (header is null && !isSplit)
                break;
            SampleField[] split = isSplit ? SplitFields(record, fields) : [];
            if (header is null)
                header = split;
            else if (isSplit)
                rows.Add(split);
        }

        return new CsvSample(dialect, header ?? [], rows);
    }

    private static SampleField[] SplitFields(byte[] record, CsvFields fields)
    {
        var split = new SampleField[fields.Count];
        for (int i = 0; i < split.Length; i++)
            split[i] = new SampleField(record.AsMemory(fields.RangeOf(i)), fields.IsQuoted(record, i));
        return split;
    }
}

/// <summary>A field of a <see cref="CsvSample"/>.</summary>
/// <param name="Text">Its bytes, without quotes.</param>
/// <param name="IsQuoted">Whether it is in quotes.</param>
internal readonly record struct SampleField(ReadOnlyMemory<byte> Text, bool IsQuoted)
{
    /// <summary>Whether the field has no content.</summary>
    public bool IsBlank => Text.Span.Trim(" \t"u8).IsEmpty;
}
