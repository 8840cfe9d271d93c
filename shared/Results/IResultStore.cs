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
    private readonly FileStream _stream;
    private readonly Func<FileStream, CancellationToken, Task> _commit;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="temporaryPath">Path of the temporary file. It must not exist, and it is deleted on disposal.</param>
    /// <param name="commit">Puts the complete file in its place. It gets the stream at its start and may also use its path.</param>
    internal StagedFile(string temporaryPath, Func<FileStream, CancellationToken, Task> commit)
    {
        _commit = commit;
        _stream = new FileStream(temporaryPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous,
        });
    }

    /// <summary>Receives the content.</summary>
    public Stream Stream => _stream;

    /// <summary>Puts the file in its place. Call once, after the last write.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await ReadBackAsync(cancellationToken);
        await _commit(_stream, cancellationToken);
    }

    /// <summary>Reads the content back from its start, for a file that is never committed.</summary>
    /// <returns>The same stream as <see cref="Stream"/>.</returns>
    public async Task<Stream> ReadBackAsync(CancellationToken cancellationToken)
    {
        await _stream.FlushAsync(cancellationToken);
        _stream.Position = 0;
        return _stream;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(_stream.Name);
    }
}
