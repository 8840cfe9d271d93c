using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Reads a table with a header, one row at a time, however it is written: with any separator, encoding, line end and decimal sign.
/// Returns fields without copying them.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvRecordReader _records;
    private readonly CsvDialect _dialect;
    private readonly CsvFields _fields;
    private readonly TableShape _shape;
    private readonly TableNumbers _numbers;
    private readonly TableText _text;
    private long _blankRows;
    private long _cutRow;

    private CsvTable(CsvRecordReader records, CsvSample sample, TableText text, string[] names)
    {
        _records = records;
        _dialect = sample.Dialect;
        _text = text;
        _shape = TableShape.Find(sample, names.Length);
        _numbers = new TableNumbers(sample);
        Names = names[.._shape.Columns];
        _fields = new CsvFields(_shape.Fields + _shape.Spare, _dialect.Separator);
    }

    /// <summary>Names of the columns, without surrounding white space.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The maximum number of rows. Tables that are not kept row by row may have more.</summary>
    public long MostRows { get; set; } = DatasetLimits.Rows;

    /// <summary>Number of the row. 1 is the first row below the header. Blank lines do not count.</summary>
    public long Row { get; private set; }

    /// <summary>The physical line on which the row starts.</summary>
    public long Line => _records.Line;

    /// <summary>Number of blank lines skipped so far. Rows of nothing but separators are blank lines.</summary>
    public long BlankLines => _records.BlankLines + _blankRows;

    /// <summary>Why the row cannot be split into one field per column, or null.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>What was found about the way the file is written, as far as it differs from UTF-8 with commas, decimal points and empty
    /// fields for what is missing; one sentence each. Complete after the last row.</summary>
    public IEnumerable<string> Guesses =>
        [.. _records.Describe(), .. _text.Describe(), .. _dialect.Describe(), .. _shape.Describe(), .. _numbers.Describe()];

    /// <summary>Returns a field of a row without <see cref="Fault"/>. The span is valid until the next read.</summary>
    public ReadOnlySpan<byte> Field(int column) => _fields.Field(_records.Record, _shape.RowNames + column);

    /// <summary>Returns a field as UTF-8 text, also where the file has another encoding. The span is valid until the next read.</summary>
    public ReadOnlySpan<byte> Text(int column) => _text.ToUtf8(Field(column));

    /// <summary>Returns a field as text, without white space around it.</summary>
    public string Words(int column) => Encoding.UTF8.GetString(Text(column)).Trim();

    /// <summary>Parses a field as a coordinate. Empty fields and the words that programs write for a missing value are NaN.</summary>
    /// <returns>The fault, or null if the coordinate is finite or missing.</returns>
    public RowFault? ParseCoordinate(int column, out float value)
    {
        ReadOnlySpan<byte> text = Field(column);
        return _numbers.Parse(text, out value) is { } problem ? new RowFault(problem, Names[column], _numbers.Explain(problem, text)) : null;
    }

    /// <summary>Makes the last field of all further rows take the rest of the row. <see cref="FindFaultInRest"/> searches that field for
    /// separators. For a long last column without separators, for which the search would take noticeable time.</summary>
    public void TakeRestAsLastField() => _fields.TakesRest = _shape.Spare == 0;

    /// <summary>Returns the fault that is found once the last field is searched for extra separators, or null.</summary>
    public RowFault? FindFaultInRest() => _fields.TrySplitRest(_records.Record) ? FindColumnFault() : QuoteFault();

    /// <summary>Returns a bad row's fault with its cause, if that is a cell that a spreadsheet cut. The row after it may hold the rest of the
    /// cell. Call this for every bad row, in order.</summary>
    public RowFault WithCause(RowFault fault)
    {
        if (_records.State != RecordState.Complete)
            return fault;
        bool isRest = _cutRow > 0 && _cutRow == Row - 1 && AreBlank(_records.Record, from: 1);
        bool isCut = HasCutCell();
        _cutRow = isCut ? Row : 0;
        if (isRest)
            return fault with { Text = $"the row holds the rest of a cell that a spreadsheet cut in row {Row - 1:N0}: {CutCell.Advice}" };
        return isCut && (fault.Kind is RowProblemKind.PixelCount or RowProblemKind.PixelValue)
            ? fault with { Text = $"the cell has {CutCell.Characters:N0} characters, the most that a spreadsheet keeps, so it was cut there: {CutCell.Advice}" }
            : fault;
    }

    /// <summary>Reads the header. Disposing the table leaves the content open.</summary>
    /// <exception cref="RejectedFileException">The file is empty or is not CSV, or its first line is not a header.</exception>
    public static async Task<CsvTable> OpenAsync(ReadAheadContent content, CancellationToken cancellationToken)
    {
        var records = new CsvRecordReader(content);
        try
        {
            CsvSample sample = await records.StartAsync(cancellationToken);
            bool isHeader = await records.ReadAsync(cancellationToken);
            if (isHeader && sample.Dialect.IsStated)
                isHeader = await records.ReadAsync(cancellationToken);
            while (isHeader && records.State == RecordState.Complete && sample.Dialect.IsBlank(records.Record))
                isHeader = await records.ReadAsync(cancellationToken);
            if (!isHeader)
                throw new RejectedFileException($"{content.FileName} is empty: a header and rows are expected.");
            var text = new TableText();
            return new CsvTable(records, sample, text, HeaderNames(content.FileName, records, sample.Dialect, text));
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row and skips blank ones. Returns false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _records.ReadAsync(cancellationToken))
        {
            Fault = Split(out bool isBlank);
            if (isBlank)
            {
                _blankRows++;
                continue;
            }

            if (++Row > MostRows)
                throw new RejectedFileException($"There are more than {MostRows:N0} rows: split the file.");
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private RowFault? Split(out bool isBlank)
    {
        isBlank = false;
        if (_records.State == RecordState.TooLong)
            return new RowFault(RowProblemKind.RowLength, Column: null, $"longer than {DatasetLimits.RowBytes:N0} bytes");
        if (_records.State == RecordState.OpenQuote)
            return QuoteFault();
        Span<byte> record = _records.Record;
        isBlank = _dialect.IsBlank(record) && !record.Contains((byte)'"');
        if (isBlank)
            return null;
        if (!_fields.TrySplit(record))
            return QuoteFault();
        isBlank = _dialect.IsBlank(record) && AreBlank(record, from: 0);
        return FindColumnFault();
    }

    private RowFault QuoteFault() =>
        new(RowProblemKind.Quotes, Column: null, $"a quoted field is not closed, or text other than a {_dialect.SeparatorName} follows it");

    private RowFault? FindColumnFault()
    {
        int count = _fields.Count;
        if (count == _shape.Fields || (count > _shape.Fields && count <= _shape.Fields + _shape.Spare && AreBlank(_records.Record, _shape.Fields)))
            return null;
        string hint = count > _shape.Fields && _dialect.Separator == ',' ? " (are there decimal commas?)" : OtherSeparator(count);
        string expected = _shape.RowNames > 0 ? $"{Names.Count:N0} and row names" : $"{Names.Count:N0}";
        return new RowFault(RowProblemKind.ColumnCount, Column: null, $"{count:N0} columns, the header has {expected}{hint}");
    }

    /// <summary>Returns the end of a message about a row that another separator would split as the header was split.</summary>
    private string OtherSeparator(int count)
    {
        Span<byte> record = _records.Record;
        foreach (byte separator in CsvDialect.Separators)
        {
            if (count == 1 && record.Count(separator) + 1 == _shape.Fields)
                return $" (its columns are separated by {(_dialect with { Separator = separator }).Plural}, those of the header by {_dialect.Plural})";
        }

        return string.Empty;
    }

    private bool HasCutCell()
    {
        Span<byte> record = _records.Record;
        for (int i = Math.Min(_fields.Count, _shape.Fields) - 1; i >= 0; i--)
        {
            if (_fields.Field(record, i).Length == CutCell.Characters)
                return true;
        }

        return false;
    }

    private bool AreBlank(Span<byte> record, int from)
    {
        for (int i = from; i < Math.Min(_fields.Count, _shape.Fields + _shape.Spare); i++)
        {
            if (!_fields.Field(record, i).Trim(" \t"u8).IsEmpty)
                return false;
        }

        return true;
    }

    private static string[] HeaderNames(string file, CsvRecordReader records, CsvDialect dialect, TableText text)
    {
        Span<byte> header = records.Record;
        var fields = new CsvFields(DatasetLimits.Columns, dialect.Separator);
        if (records.State != RecordState.Complete || !fields.TrySplit(header))
            throw new RejectedFileException($"{file}: the header is not valid CSV: it is too long, or it has a quote that is not closed or is followed by text.");
        if (header.IndexOfAny((byte)0, (byte)'\r') >= 0)
        {
            throw new RejectedFileException(
                $"{file}: the header contains zero bytes or bare carriage returns: save the file as UTF-8 with LF or CRLF line ends.");
        }

        if (fields.Count > DatasetLimits.Columns)
            throw new RejectedFileException($"{file}: the header has {fields.Count:N0} columns: at most {DatasetLimits.Columns:N0} are allowed.");
        string[] names = new string[fields.Count];
        text.Start(header);
        for (int i = 0; i < names.Length; i++)
            names[i] = Encoding.UTF8.GetString(text.ToUtf8(fields.Field(header, i))).Trim();
        return names;
    }
}
