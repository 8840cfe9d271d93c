using System.IO.Hashing;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Reads a dataset's rows from CSV content, good and bad ones, one at a time.</summary>
internal sealed class DatasetReader : IDisposable
{
    private readonly CsvTable _table;
    private readonly RowParser _parser;

    private DatasetReader(CsvTable table, DatasetColumns columns)
    {
        _table = table;
        Columns = columns;
        _parser = new RowParser(columns);
        if (columns.Image == columns.Names.Count - 1)
            table.TakeRestAsLastField();
    }

    /// <summary>The header.</summary>
    public DatasetColumns Columns { get; }

    /// <summary>The row's number: 1 is the first below the header; blank lines do not count.</summary>
    public long Row => _table.Row;

    /// <summary>The physical line that it starts on.</summary>
    public long Line => _table.Line;

    /// <summary>Blank lines passed over.</summary>
    public long BlankLines => _table.BlankLines;

    /// <summary>What is wrong with the row, or null for a good one.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>The good row's values.</summary>
    public RowParser Values => _parser;

    /// <summary>The split key that the good row's group gives it (<c>splits.u64</c>): 64 bits of the group's
    /// XXH128, without white space around it. Null where it has no group.</summary>
    public ulong? GroupKey
    {
        get
        {
            ReadOnlySpan<byte> group = Columns.Group is { } column ? _table.Field(column).Trim(" \t"u8) : [];
            return group.IsEmpty ? null : (ulong)XxHash128.HashToUInt128(group);
        }
    }

    /// <summary>Reads the header.</summary>
    /// <exception cref="RejectedFileException">The file is empty, is no CSV, or its header is not a dataset's.</exception>
    public static async Task<DatasetReader> OpenAsync(ReadAheadContent content, FrameSize? statedFrame, CancellationToken cancellationToken)
    {
        CsvTable table = await CsvTable.OpenAsync(content, cancellationToken);
        try
        {
            return new DatasetReader(table, DatasetColumns.Read(content.FileName, table.Names, statedFrame));
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged, or has too many rows.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _table.ReadAsync(cancellationToken))
            return false;
        Fault = _table.Fault ?? _parser.Parse(_table);
        if (Fault is not null && _table.Fault is null)
            Fault = _table.FindFaultInRest() ?? Fault;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();
}
