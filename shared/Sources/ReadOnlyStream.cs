namespace KeypointPipeline.Sources;

/// <summary>A stream that is only read, asynchronously, and from start to end unless a subclass can seek.</summary>
internal abstract class ReadOnlyStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw Unsupported();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    /// <inheritdoc/>
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw Unsupported();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw Unsupported();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw Unsupported();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    private static NotSupportedException Unsupported() => new("The stream is only read, from start to end.");
}
