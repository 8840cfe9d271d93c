using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;

namespace KeypointPipeline.Kaggle;

/// <summary>One of the competition's files, <c>.csv</c>, <c>.csv.gz</c> or <c>.zip</c>, read row by row. A bad row ends the reading:
/// an answer left out would be scored as a wrong one.</summary>
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

    /// <summary>The CSV's own name, for messages.</summary>
    public string File => _content.FileName;

    /// <summary>Number of the row last read; 1 is the first below the header.</summary>
    public long Row => _table.Row;

    /// <summary>Share of the file read, 0 to 1; 0 where its length is not known.</summary>
    public double ShareRead => _length is > 0 ? Math.Min(1, (double)_stream.BytesRead / _length.Value) : 0;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="RejectedFileException">It is no such file; the message says why.</exception>
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

    /// <summary>The index of a column; names are compared without regard to case.</summary>
    /// <exception cref="RejectedFileException">There is none of that name, or there are several.</exception>
    public int Column(string name)
    {
        int[] found = [.. Enumerable.Range(0, _table.Names.Count).Where(i => _table.Names[i].Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length == 1
            ? found[0]
            : throw new RejectedFileException(
                $"{File}: {found.Length} columns are named {name}, one is expected; the header has {ShownText.List(_table.Names.ToArray())}. "
                + "Use Kaggle's file as downloaded.");
    }

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="RejectedFileException">The content is damaged, or the row has not the header's fields.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _table.ReadAsync(cancellationToken))
            return false;
        return _table.Fault is { } fault ? throw Refused(fault.Column, $"{fault.Text}. Use Kaggle's file as downloaded") : true;
    }

    /// <summary>A field of the row, without white space around it.</summary>
    public ReadOnlySpan<byte> Text(int column) => _table.Field(column).Trim(" \t"u8);

    /// <summary>A whole number of the row, 1 or more.</summary>
    /// <exception cref="RejectedFileException">It is something else.</exception>
    public long Number(int column) =>
        long.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : throw Refused(_table.Names[column], $"{ShownText.Quote(Text(column))} is not a whole number, 1 or more");

    /// <summary>The exception for something wrong with the row last read.</summary>
    /// <param name="column">In which column, or null.</param>
    /// <param name="text">What is wrong, what was expected and the next step, without a full stop.</param>
    public RejectedFileException Refused(string? column, string text) => Refused(Row, column, text);

    /// <summary>The same for an earlier row.</summary>
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
