namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>Receives the body of a request: counts its line feeds, and writes it to the file if it is kept.</summary>
/// <param name="file">The file.</param>
/// <param name="space">Where to write; null if the content is not kept.</param>
internal sealed class ContentSink(ContentFile file, ContentSpace? space) : Stream
{
    private long _length;
    private long _lines;

    /// <summary>What was received.</summary>
    public BlobContent Content => new(_length, _lines, space is { } kept ? [kept] : null);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (space is { } kept)
            file.Write(kept.Offset + _length, buffer);
        _length += buffer.Length;
        _lines += buffer.Count((byte)'\n');
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
