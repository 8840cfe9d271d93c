using System.Buffers;
using System.Buffers.Binary;

namespace KeypointPipeline.Files;

/// <summary>Feeds the compressed bytes of gzip members (RFC 1952) to an inflater and finds where each member ends.</summary>
/// <remarks>An inflater reads ahead and does not say how much of its last read it used. But the member's end is somewhere in that
/// last read, and is followed by the checksum and size of what came out, which are known: so it is searched for.</remarks>
internal sealed class GzipInput(SourceStream source) : Stream
{
    private const int TrailerLength = 8;
    private const int LongestServed = 16 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
    private int _lastServed;
    private int _next;
    private int _end;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The next bytes without taking them; fewer than asked for only at the end of the file.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        await EnsureAsync(count, cancellationToken);
        return _buffer.AsMemory(_next, Math.Min(count, _end - _next));
    }

    /// <summary>Takes the next byte, or -1 at the end of the file.</summary>
    public async ValueTask<int> TakeAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(1, cancellationToken);
        if (_next == _end)
            return -1;
        byte taken = _buffer[_next++];
        _lastServed = _next;
        return taken;
    }

    /// <summary>Moves behind the trailer of the member that the inflater just finished.</summary>
    /// <returns>Whether the trailer was found, with that checksum and size: if not, the member is damaged or cut short.</returns>
    public async ValueTask<bool> TakeTrailerAsync(uint checksum, long size, CancellationToken cancellationToken)
    {
        int servedBefore = _next - _lastServed;
        _next = _lastServed;
        await EnsureAsync(servedBefore + TrailerLength + FileMagic.Gzip.Length, cancellationToken);
        int? end = FindTrailer(_buffer.AsSpan(_next, _end - _next), servedBefore, checksum, unchecked((uint)size));
        _next += end ?? 0;
        _lastServed = _next;
        return end is not null;
    }

    /// <summary>Finds where the trailer ends. An empty member's is eight zeros behind a zero, so there may be several places: the
    /// one that counts is followed by another member, or by nothing.</summary>
    private static int? FindTrailer(ReadOnlySpan<byte> text, int lastStart, uint checksum, uint size)
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[sizeof(uint)..], size);
        int? end = null;
        for (int start = 0; start <= lastStart && start <= text.Length - TrailerLength; start++)
        {
            if (!text[start..].StartsWith(trailer))
                continue;
            end = start + TrailerLength;
            if (end == text.Length || text[end.Value..].StartsWith(FileMagic.Gzip))
                break;
        }

        return end;
    }

    /// <summary>For the inflater.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await EnsureAsync(1, cancellationToken);
        int served = Math.Min(Math.Min(buffer.Length, LongestServed), _end - _next);
        _buffer.AsSpan(_next, served).CopyTo(buffer.Span);
        if (served > 0)
            _lastServed = _next;
        _next += served;
        return served;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        base.Dispose(disposing);
    }

    /// <summary>Has so many bytes in the buffer from <see cref="_next"/> on, if the file has them, and keeps the last read.</summary>
    private async ValueTask EnsureAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _next >= count)
            return;
        if (_next + count > _buffer.Length || _next == _end)
        {
            _buffer.AsSpan(_lastServed, _end - _lastServed).CopyTo(_buffer);
            _next -= _lastServed;
            _end -= _lastServed;
            _lastServed = 0;
        }

        while (_end - _next < count)
        {
            int read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                return;
            _end += read;
        }
    }
}
