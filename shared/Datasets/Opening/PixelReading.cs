using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>One reading of a table with pixels: first its sidecar, then its header, then its rows.</summary>
internal sealed class PixelReading : IAsyncDisposable
{
    private readonly DatasetSource _table;
    private readonly ReadAheadContent _content;
    private DatasetReader? _rows;

    private PixelReading(DatasetSource table, SourceStream stream, ReadAheadContent content)
    {
        _table = table;
        _content = content;
        Stream = stream;
    }

    /// <summary>The file as it is read.</summary>
    public SourceStream Stream { get; }

    /// <summary>Name of the table, for messages.</summary>
    public string FileName => _content.FileName;

    /// <summary>Opens a table.</summary>
    /// <exception cref="RejectedFileException">It is no table, or a zip with none or several.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<PixelReading> OpenAsync(DatasetSource table, CancellationToken cancellationToken)
    {
        var stream = new SourceStream(await table.OpenAsync(cancellationToken), table.Name, table.Length);
        try
        {
            return new PixelReading(table, stream, await CsvContentOpener.OpenAsync(table, stream, cancellationToken));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the sidecar: beside what was dropped, else in the set, else in the zip that the table is packed in.</summary>
    /// <param name="findBesideAsync">Finds the sidecar beside what was dropped; null if there can be none.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The sidecar cannot be used.</exception>
    public async Task<StatedFacts> ReadSidecarAsync(
        Func<CancellationToken, Task<SidecarFile?>>? findBesideAsync, CancellationToken cancellationToken)
    {
        SidecarFile? sidecar = findBesideAsync is null ? null : await findBesideAsync(cancellationToken);
        sidecar ??= _table.FindSidecarAsync is { } findInSet ? await findInSet(cancellationToken) : null;
        return StatedFacts.Of(sidecar ?? _content.Sidecar);
    }

    /// <summary>Reads the header. Call it once. The rows are closed with this object.</summary>
    /// <inheritdoc cref="DatasetReader.OpenAsync" path="/param"/>
    /// <inheritdoc cref="DatasetReader.OpenAsync" path="/exception"/>
    public async Task<DatasetReader> ReadHeaderAsync(
        FrameSize? statedFrame, string? statedGroup, RowConventions conventions, RowImages? images, CancellationToken cancellationToken) =>
        _rows = await DatasetReader.OpenAsync(_content, statedFrame, statedGroup, conventions, images, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _rows?.Dispose();
        await _content.DisposeAsync();
        await Stream.DisposeAsync();
    }
}
