namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A stream as a download gives it: no seeking, no length, few bytes a read.</summary>
internal sealed class ForwardStream(byte[] content, int failAt = int.MaxValue) : Stream
{
    private const int LongestRead = 997;
    private int _next;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_next >= failAt)
            throw new IOException("The connection was reset.");
        int read = Math.Min(Math.Min(buffer.Length, LongestRead), Math.Min(content.Length, failAt) - _next);
        content.AsSpan(_next, read).CopyTo(buffer);
        _next += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
