namespace KeypointPipeline.Files;

/// <summary>The bytes of one CSV, whatever it was packed in.</summary>
internal abstract class CsvContent(string fileName) : IAsyncDisposable
{
    /// <summary>The CSV's own name, for messages.</summary>
    public string FileName { get; } = fileName;

    /// <summary>Reads on; 0 only at the end, and only if all of it was there and undamaged.</summary>
    /// <exception cref="RejectedFileException">The packing is damaged, cut short or a bomb.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A CSV that is not packed.</summary>
internal sealed class PlainContent(string fileName, SourceStream source) : CsvContent(fileName)
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        source.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
