namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Reads bytes as from a download: few at a time, and it may fail on the way.</summary>
internal sealed class ForwardStream(byte[] content, int failAt = int.MaxValue) : ForwardOnlyStream
{
    private const int LongestRead = 997;
    private int _next;

    public override int Read(Span<byte> buffer)
    {
        if (_next >= failAt)
            throw new IOException("The connection was reset.");
        int read = Math.Min(Math.Min(buffer.Length, LongestRead), Math.Min(content.Length, failAt) - _next);
        content.AsSpan(_next, read).CopyTo(buffer);
        _next += read;
        return read;
    }
}
