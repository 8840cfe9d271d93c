using KeypointPipeline.Files;

namespace KeypointPipeline.Results;

/// <summary>Stores result files in a folder or as blobs. Readers see a complete file or none; writing a file again replaces it.</summary>
public interface IResultStore
{
    /// <summary>Starts a file that is written in pieces.</summary>
    /// <param name="name">Its name, with <c>/</c> between folders.</param>
    StagedFile Create(string name);

    /// <summary>Writes a small file.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes a file if it exists.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A file that is written to a temporary place. <see cref="CommitAsync"/> puts it in its place; without that it is discarded.</summary>
public sealed class StagedFile : IAsyncDisposable
{
    private readonly WholeFile _file;
    private readonly Func<WholeFile, CancellationToken, Task> _commit;

    /// <summary>Takes a file over; it is disposed with this object.</summary>
    /// <param name="file">The temporary file.</param>
    /// <param name="commit">Puts the complete file in its place. Its stream is at its start.</param>
    internal StagedFile(WholeFile file, Func<WholeFile, CancellationToken, Task> commit)
    {
        _file = file;
        _commit = commit;
    }

    /// <summary>Receives the content.</summary>
    public Stream Stream => _file.Stream;

    /// <summary>Puts the file in its place. Call once, after the last write.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await ReadBackAsync(cancellationToken);
        await _commit(_file, cancellationToken);
    }

    /// <summary>Reads the content back from its start, for a file that is never committed.</summary>
    /// <returns>The same stream as <see cref="Stream"/>.</returns>
    public async Task<Stream> ReadBackAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken);
        Stream.Position = 0;
        return Stream;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
