namespace KeypointPipeline.Files;

/// <summary>The unpacked bytes of one CSV file.</summary>
internal abstract class CsvContent(string fileName) : IAsyncDisposable
{
    /// <summary>Name of the CSV file itself, for messages.</summary>
    public string FileName { get; } = fileName;

    /// <summary>The sidecar that is packed with the CSV, or null.</summary>
    public SidecarFile? Sidecar { get; protected init; }

    /// <summary>Reads the next bytes. Returns 0 only at the end of a CSV that is complete and undamaged.</summary>
    /// <exception cref="RejectedFileException">The compressed data is damaged, cut short or a zip bomb.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A CSV file that is not compressed.</summary>
internal sealed class PlainContent(string fileName, SourceStream source) : CsvContent(fileName)
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        source.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
