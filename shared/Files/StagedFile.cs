namespace KeypointPipeline.Files;

/// <summary>A file that is written aside. <see cref="CommitAsync"/> puts it in its place; without that it is discarded.</summary>
public sealed class StagedFile : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task> _commit;
    private readonly IAsyncDisposable _owner;

    /// <summary>Takes a stream over; it is disposed with this object.</summary>
    /// <param name="stream">Receives the content.</param>
    /// <param name="commit">Puts the complete file in its place.</param>
    /// <param name="owner">What is disposed: the stream, or the file that it belongs to.</param>
    internal StagedFile(Stream stream, Func<CancellationToken, Task> commit, IAsyncDisposable owner)
    {
        Stream = stream;
        _commit = commit;
        _owner = owner;
    }

    /// <summary>Takes over a file of this machine.</summary>
    internal static StagedFile Of(WholeFile file) => new(
        file.Stream,
        _ =>
        {
            file.Commit();
            return Task.CompletedTask;
        },
        file);

    /// <summary>Receives the content.</summary>
    public Stream Stream { get; }

    /// <summary>Puts the file in its place. Call once, after the last write.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => _commit(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _owner.DisposeAsync();
}
