using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Reads a CSV with a header, one row at a time. Returns fields without copying them.</summary>
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

    /// <summary>Names of the columns, without surrounding white space.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of the row. 1 is the first row below the header. Blank lines do not count.</summary>
    public long Row { get; private set; }

    /// <summary>The physical line on which the row starts.</summary>
    public long Line => _records.Line;

    /// <summary>Number of blank lines skipped so far.</summary>
    public long BlankLines => _records.BlankLines;

    /// <summary>Why the row cannot be split into one field per column, or null.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>Returns a field of a row without <see cref="Fault"/>. The span is valid until the next read.</summary>
    public ReadOnlySpan<byte> Field(int column) => _fields.Field(_records.Record, column);

    /// <summary>Makes the last field of all further rows take the rest of the row. <see cref="FindFaultInRest"/> searches that field for
    /// commas. For a long last column without commas, for which the search would take noticeable time.</summary>
    public void TakeRestAsLastField() => _fields.TakesRest = true;

    /// <summary>Returns the fault that is found once the last field is searched for extra commas, or null.</summary>
    public RowFault? FindFaultInRest() => _fields.TrySplitRest(_records.Record) ? FindColumnFault() : QuoteFault();

    /// <summary>Reads the header. Disposing the table leaves the content open.</summary>
    /// <exception cref="RejectedFileException">The file is empty or is not CSV, or its first line is not a header.</exception>
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

    /// <summary>Reads the next row. Returns false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged or has too many rows.</exception>
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
        new(RowProblemKind.Quotes, Column: null, "a quoted field is not closed, or text other than a comma follows it");

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
            throw new RejectedFileException($"{file}: the header is not valid CSV: it is too long or has a quote that is not closed.");
        if (header.IndexOfAny((byte)0, (byte)'\r') >= 0)
        {
            throw new RejectedFileException(
                $"{file}: the header contains zero bytes or bare carriage returns: save the file as UTF-8 with LF or CRLF line ends.");
        }

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
