using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Kaggle;

/// <summary>Reads one of the competition's files, <c>.csv</c>, <c>.csv.gz</c> or <c>.zip</c>, row by row. A bad row ends the reading
/// with an error, because a missing answer would be scored as a wrong answer.</summary>
internal sealed class KaggleTable : IAsyncDisposable
{
    private readonly SourceStream _stream;
    private readonly ReadAheadContent _content;
    private readonly CsvTable _table;
    private readonly long? _length;

    private KaggleTable(SourceStream stream, ReadAheadContent content, CsvTable table, long? length)
    {
        _stream = stream;
        _content = content;
        _table = table;
        _length = length;
    }

    /// <summary>Name of the CSV file itself, for messages.</summary>
    public string File => _content.FileName;

    /// <summary>Number of the row last read. Row 1 is the first row below the header.</summary>
    public long Row => _table.Row;

    /// <summary>Share of the file read, 0 to 1; 0 if its length is unknown.</summary>
    public double ShareRead => _length is > 0 ? Math.Min(1, (double)_stream.BytesRead / _length.Value) : 0;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="RejectedFileException">The file cannot be used; the message says why.</exception>
    public static async Task<KaggleTable> OpenAsync(DatasetSource source, CancellationToken cancellationToken)
    {
        var stream = new SourceStream(await source.OpenAsync(cancellationToken), source.Name, source.Length);
        ReadAheadContent? content = null;
        try
        {
            content = await CsvContentOpener.OpenAsync(source, stream, cancellationToken);
            return new KaggleTable(stream, content, await CsvTable.OpenAsync(content, cancellationToken), source.Length);
        }
        catch
        {
            if (content is not null)
                await content.DisposeAsync();
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds the index of a column. Ignores the case of names.</summary>
    /// <exception cref="RejectedFileException">No column, or more than one column, has the name.</exception>
    public int Column(string name)
    {
        int[] found = [.. Enumerable.Range(0, _table.Names.Count).Where(i => _table.Names[i].Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length == 1
            ? found[0]
            : throw new RejectedFileException(
                $"{File}: {found.Length} columns are named {name}, one is expected; the header has {ShownText.List(_table.Names.ToArray())}. "
                + "Use Kaggle's file as downloaded.");
    }

    /// <summary>Reads the next row. Returns false at the end of the file.</summary>
    /// <exception cref="RejectedFileException">The content is damaged, or the row's fields do not match the header.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _table.ReadAsync(cancellationToken))
            return false;
        return _table.Fault is { } fault ? throw Refused(fault.Column, $"{fault.Text}. Use Kaggle's file as downloaded") : true;
    }

    /// <summary>Gets a field of the row as UTF-8, without the spaces and tabs around it.</summary>
    public ReadOnlySpan<byte> Text(int column) => _table.Text(column).Trim(" \t"u8);

    /// <summary>Gets a field of the row as a whole number, 1 or more.</summary>
    /// <exception cref="RejectedFileException">The field is not a whole number, or less than 1.</exception>
    public long Number(int column) =>
        long.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : throw Refused(_table.Names[column], $"{ShownText.Quote(Text(column))} is not a whole number, 1 or more. Use Kaggle's file as downloaded");

    /// <summary>Returns a fault of the row last read with its cause, if a spreadsheet cut a cell (<see cref="CsvTable.WithCause"/>).</summary>
    public RowFault WithCause(RowFault fault) => _table.WithCause(fault);

    /// <summary>Creates the exception for a fault in the row last read.</summary>
    /// <param name="column">The column, or null if the fault belongs to no column.</param>
    /// <param name="text">What is wrong, what was expected and the next step, without the last full stop.</param>
    public RejectedFileException Refused(string? column, string text) => Refused(Row, column, text);

    /// <summary>Creates the exception for a fault in the given row.</summary>
    public RejectedFileException Refused(long row, string? column, string text) =>
        new($"{File} row {row:N0}{(column is null ? "" : $", column {column}")}: {text}.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _table.Dispose();
        await _content.DisposeAsync();
        await _stream.DisposeAsync();
    }
}
