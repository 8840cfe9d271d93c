using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Reads a CSV with a header, one row at a time, and gives its fields where they stand.</summary>
internal sealed class CsvTable : IDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly CsvRecordReader _records;
    private readonly CsvFields _fields;

    private CsvTable(CsvRecordReader records, string[] names)
    {
        _records = records;
        Names = names;
        _fields = new CsvFields(names.Length);
    }

    /// <summary>The columns' names, without white space around them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The row's number: 1 is the first below the header; blank lines do not count.</summary>
    public long Row { get; private set; }

    /// <summary>The physical line that it starts on.</summary>
    public long Line => _records.Line;

    /// <summary>Blank lines passed over.</summary>
    public long BlankLines => _records.BlankLines;

    /// <summary>Why the row cannot be told apart into as many fields as there are columns, or null.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>A field of a row without <see cref="Fault"/>. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Field(int column) => _fields.Field(_records.Record, column);

    /// <summary>Leaves it to <see cref="FindFaultInRest"/> whether the last field of the rows to come has more fields in it: for a column whose
    /// values have no commas, and are so long that looking for them takes its time.</summary>
    public void TakeRestAsLastField() => _fields.TakesRest = true;

    /// <summary>What <see cref="Fault"/> would be had the last field been searched for commas at once.</summary>
    public RowFault? FindFaultInRest() => _fields.TrySplitRest(_records.Record) ? FindColumnFault() : QuoteFault();

    /// <summary>Reads the header; disposing the table leaves the content open.</summary>
    /// <exception cref="RejectedFileException">The file is empty, is no CSV, or its first line is no header.</exception>
    public static async Task<CsvTable> OpenAsync(ReadAheadContent content, CancellationToken cancellationToken)
    {
        var records = new CsvRecordReader(content);
        try
        {
            if (!await records.ReadAsync(cancellationToken))
                throw new RejectedFileException($"{content.FileName} is empty: a header and rows are expected.");
            return new CsvTable(records, HeaderNames(content.FileName, records));
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged, or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _records.ReadAsync(cancellationToken))
            return false;
        if (++Row > DatasetLimits.Rows)
            throw new RejectedFileException($"There are more than {DatasetLimits.Rows:N0} rows: split the file.");
        Fault = Split();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private RowFault? Split()
    {
        if (_records.State == RecordState.TooLong)
            return new RowFault(RowProblemKind.RowLength, Column: null, $"longer than {DatasetLimits.RowBytes:N0} bytes");
        if (_records.State == RecordState.OpenQuote || !_fields.TrySplit(_records.Record))
            return QuoteFault();
        return FindColumnFault();
    }

    private static RowFault QuoteFault() =>
        new(RowProblemKind.Quotes, Column: null, "a quoted field is not closed, or something other than a comma follows it");

    private RowFault? FindColumnFault()
    {
        if (_fields.Count == Names.Count)
            return null;
        string hint = _fields.Count > Names.Count ? " (are there decimal commas?)" : string.Empty;
        return new RowFault(RowProblemKind.ColumnCount, Column: null, $"{_fields.Count:N0} columns, the header has {Names.Count:N0}{hint}");
    }

    private static string[] HeaderNames(string file, CsvRecordReader records)
    {
        Span<byte> header = records.Record;
        var fields = new CsvFields(DatasetLimits.Columns);
        if (records.State != RecordState.Complete || !fields.TrySplit(header))
            throw new RejectedFileException($"{file}: the header is no CSV header: it is far too long, or has a quote that is not closed.");
        if (header.IndexOfAny((byte)0, (byte)'\r') >= 0)
            throw new RejectedFileException($"{file}: the header has zero bytes or bare carriage returns: save the file as UTF-8 with LF or CRLF line ends.");
        if (fields.Count == 1 && header.IndexOfAny((byte)';', (byte)'\t') >= 0)
            throw new RejectedFileException($"{file}: the header has no commas: save the file with commas between columns and points in numbers.");
        if (fields.Count > DatasetLimits.Columns)
            throw new RejectedFileException($"{file}: the header has {fields.Count:N0} columns: at most {DatasetLimits.Columns:N0} are allowed.");
        string[] names = new string[fields.Count];
        for (int i = 0; i < names.Length; i++)
            names[i] = DecodeName(file, fields.Field(header, i)).Trim();
        return names;
    }

    private static string DecodeName(string file, ReadOnlySpan<byte> name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException e)
        {
            throw new RejectedFileException($"{file}: the header is not UTF-8 text at {ShownText.Quote(name)}: save the file as UTF-8.", e);
        }
    }
}
