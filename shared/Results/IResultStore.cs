namespace KeypointPipeline.Results;

/// <summary>Where result files go: a folder or blobs. A reader sees a file whole or not at all; writing it again replaces it.</summary>
public interface IResultStore
{
    /// <summary>Starts a file that is written piece by piece.</summary>
    /// <param name="name">Its name, with <c>/</c> between folders.</param>
    StagedFile Create(string name);

    /// <summary>Writes a small file.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Removes a file, if it is there.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A file being written aside; nobody sees it before <see cref="CommitAsync"/>, and without that it is discarded.</summary>
public sealed class StagedFile : IAsyncDisposable
{
    private readonly FileStream _stream;
    private readonly Func<FileStream, CancellationToken, Task> _commit;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="temporaryPath">Where; must not exist. Deleted on disposal.</param>
    /// <param name="commit">Puts the complete file in its place, from the stream at its start or from its path.</param>
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

    /// <summary>Takes the content.</summary>
    public Stream Stream => _stream;

    /// <summary>Puts the file in its place. Call once, after the last write.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _stream.FlushAsync(cancellationToken);
        _stream.Position = 0;
        await _commit(_stream, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(_stream.Name);
    }
}
