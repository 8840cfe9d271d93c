namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>Reads a range of a blob's content.</summary>
/// <param name="file">The file.</param>
/// <param name="spaces">The content, in order.</param>
/// <param name="start">Where the range begins in the content.</param>
/// <param name="length">Bytes of the range.</param>
internal sealed class ContentReader(ContentFile file, IReadOnlyList<ContentSpace> spaces, long start, long length) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        long offset = start + Position;
        int wanted = (int)Math.Min(buffer.Length, length - Position);
        foreach (ContentSpace space in spaces)
        {
            if (wanted <= 0)
                return 0;
            if (offset >= space.Length)
            {
                offset -= space.Length;
                continue;
            }

            int read = file.Read(space.Offset + offset, buffer[..(int)Math.Min(wanted, space.Length - offset)]);
            Position += read;
            return read;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Current => Position,
        SeekOrigin.End => length,
        _ => 0,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
