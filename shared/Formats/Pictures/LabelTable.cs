using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>A table of a set, opened at its first row. Tables that are compressed with gzip are unpacked.</summary>
internal sealed class LabelTable : IAsyncDisposable
{
    private readonly SourceStream _source;
    private readonly ReadAheadContent _content;

    private LabelTable(SourceStream source, ReadAheadContent content, CsvTable rows)
    {
        _source = source;
        _content = content;
        Rows = rows;
    }

    /// <summary>The header and the rows.</summary>
    public CsvTable Rows { get; }

    /// <summary>Opens a table and reads its header. Each call reads the file from its start.</summary>
    /// <param name="set">The set, which messages name.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="convert">Turns the file into a table; null if it is one.</param>
    /// <exception cref="RejectedFileException">The file is damaged, empty or not CSV.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<LabelTable> OpenAsync(
        FileSet set, SetFile file, CancellationToken cancellationToken, Func<CsvContent, CsvContent>? convert = null)
    {
        string name = FileNames.OwnName(file.Path);
        var source = new SourceStream(await NamedFile.Of(set, file).OpenAsync(cancellationToken), name, file.Length);
        CsvContent packed = FileNames.IsGzippedTable(file.Path) ? new GzipContent(name, source) : new PlainContent(name, source);
        var content = new ReadAheadContent(convert?.Invoke(packed) ?? packed);
        try
        {
            return new LabelTable(source, content, await CsvTable.OpenAsync(content, cancellationToken));
        }
        catch
        {
            await content.DisposeAsync();
            await source.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Rows.Dispose();
        await _content.DisposeAsync();
        await _source.DisposeAsync();
    }
}
