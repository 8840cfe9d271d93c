using System.Buffers;

namespace KeypointPipeline.Sources.Zips;

/// <summary>The packed bytes of one file in a zip.</summary>
/// <remarks>.NET's decompressors read 8 KB at a time. Larger reads take fewer turns, and fewer requests to storage.</remarks>
internal sealed class PackedBytes : ReadOnlyStream
{
    private const int BufferBytes = 256 * 1024;

    private readonly ZipSource _source;
    private readonly long _end;
    private byte[]? _buffer;
    private int _bufferStart;
    private int _bufferEnd;
    private long _next;

    /// <summary>Starts at a place of the zip.</summary>
    /// <param name="source">The zip.</param>
    /// <param name="start">Place of the first byte.</param>
    /// <param name="count">Number of bytes.</param>
    public PackedBytes(ZipSource source, long start, long count)
    {
        _source = source;
        _next = start;
        _end = start + count;
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(count, 1, BufferBytes));
    }

    /// <summary>Number of bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (_bufferStart == _bufferEnd)
        {
            int count = (int)Math.Min(_buffer.Length, _end - _next);
            _bufferStart = 0;
            _bufferEnd = count == 0 ? 0 : await _source.ReadAsync(_next, _buffer.AsMemory(0, count), cancellationToken);
            _next += _bufferEnd;
        }

        int read = Math.Min(buffer.Length, _bufferEnd - _bufferStart);
        _buffer.AsSpan(_bufferStart, read).CopyTo(buffer.Span);
        _bufferStart += read;
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        base.Dispose(disposing);
    }
}
