using System.Text;
using KeypointPipeline.Datasets.Unpacking;

namespace KeypointPipeline.Datasets.Parsing;

/// <summary>Reads a dataset's rows from CSV content, good and bad ones, one at a time.</summary>
internal sealed class DatasetReader : IDisposable
{
    private readonly CsvRecordReader _records;
    private readonly RowParser _parser;

    private DatasetReader(CsvRecordReader records, DatasetColumns columns)
    {
        _records = records;
        Columns = columns;
        _parser = new RowParser(columns);
    }

    /// <summary>The header.</summary>
    public DatasetColumns Columns { get; }

    /// <summary>The row's number: 1 is the first below the header; blank lines do not count.</summary>
    public long Row { get; private set; }

    /// <summary>The physical line that it starts on.</summary>
    public long Line => _records.Line;

    /// <summary>Blank lines passed over.</summary>
    public long BlankLines => _records.BlankLines;

    /// <summary>What is wrong with the row, or null for a good one.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>The good row's values.</summary>
    public RowParser Values => _parser;

    /// <summary>The good row's group; empty where it has none.</summary>
    public ReadOnlySpan<byte> Group => _parser.Group(_records.Record);

    /// <summary>Reads the header.</summary>
    /// <exception cref="RejectedFileException">The file is empty, is no CSV, or its header is not a dataset's.</exception>
    public static async Task<DatasetReader> OpenAsync(CsvContent content, FrameSize? statedFrame, CancellationToken cancellation)
    {
        var records = new CsvRecordReader(content);
        try
        {
            if (!await records.ReadAsync(cancellation))
                throw new RejectedFileException($"{content.FileName} is empty: a header and rows are expected.");
            return new DatasetReader(records, DatasetColumns.Read(content.FileName, HeaderNames(content.FileName, records), statedFrame));
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged, or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        if (!await _records.ReadAsync(cancellation))
            return false;
        if (++Row > DatasetLimits.Rows)
            throw new RejectedFileException($"There are more than {DatasetLimits.Rows:N0} rows: split the file.");
        Fault = _parser.Parse(_records.Record, _records.State);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

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
            names[i] = DecodeName(file, fields.Field(header, i));
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

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
