using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>One reading of a table with pixels, from its first row.</summary>
internal sealed class PixelReading : IAsyncDisposable
{
    private readonly ReadAheadContent _content;

    private PixelReading(SourceStream stream, ReadAheadContent content, StatedFacts stated, RowConventions conventions, DatasetReader rows)
    {
        Stream = stream;
        _content = content;
        Stated = stated;
        Conventions = conventions;
        Rows = rows;
    }

    /// <summary>The file as it is read.</summary>
    public SourceStream Stream { get; }

    /// <summary>Name of the table, for messages.</summary>
    public string FileName => _content.FileName;

    /// <summary>What the sidecar states.</summary>
    public StatedFacts Stated { get; }

    /// <summary>How the rows are read.</summary>
    public RowConventions Conventions { get; }

    /// <summary>The rows.</summary>
    public DatasetReader Rows { get; }

    /// <summary>Opens a table and reads its header.</summary>
    /// <param name="table">The table.</param>
    /// <param name="images">The images beside the table, or null if they are in it.</param>
    /// <param name="found">How the rows are written as an earlier reading found out, or null.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The table cannot be used.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<PixelReading> OpenAsync(
        LabelledTable table, RowImages? images, RowConventions? found, CancellationToken cancellationToken)
    {
        var stream = new SourceStream(await table.Source.OpenAsync(cancellationToken), table.Source.Name, table.Source.Length);
        ReadAheadContent? content = null;
        try
        {
            content = await CsvContentOpener.OpenAsync(table.Source, stream, cancellationToken);
            SidecarFile? sidecar = table.Source.FindSidecarAsync is { } find ? await find(cancellationToken) : null;
            sidecar ??= content.Sidecar;
            StatedFacts stated = sidecar is null ? new StatedFacts() : StatedFacts.Parse(sidecar);
            RowConventions conventions = found ?? stated.Conventions;
            DatasetReader rows = await DatasetReader.OpenAsync(content, stated.Frame, stated.Group, conventions, images, cancellationToken);
            return new PixelReading(stream, content, stated, conventions, rows);
        }
        catch
        {
            if (content is not null)
                await content.DisposeAsync();
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Rows.Dispose();
        await _content.DisposeAsync();
        await Stream.DisposeAsync();
    }
}
