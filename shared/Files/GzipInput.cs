using System.Buffers;
using System.Buffers.Binary;

namespace KeypointPipeline.Files;

/// <summary>Passes the compressed bytes of gzip members (RFC 1952) to an inflater and finds the end of each member.</summary>
/// <remarks>An inflater reads ahead and does not report how much of its last read it used. The member's end lies within that
/// last read. The checksum and size of the unpacked data follow it. Both are known, so this class searches for them.</remarks>
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

    /// <summary>Returns the next bytes without consuming them. Returns fewer than <paramref name="count"/> only at the end of the file.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        await EnsureAsync(count, cancellationToken);
        return _buffer.AsMemory(_next, Math.Min(count, _end - _next));
    }

    /// <summary>Consumes and returns the next byte, or returns -1 at the end of the file.</summary>
    public async ValueTask<int> TakeAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(1, cancellationToken);
        if (_next == _end)
            return -1;
        byte taken = _buffer[_next++];
        _lastServed = _next;
        return taken;
    }

    /// <summary>Moves past the trailer of the member that the inflater just finished.</summary>
    /// <returns>Whether a trailer with this checksum and size was found. If not, the member is damaged or cut short.</returns>
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

    /// <summary>Finds the end of the trailer. The trailer of an empty member is eight zeros after a zero, so it may match at several
    /// positions. The correct match is followed by another member or by the end of the file.</summary>
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

    /// <summary>Serves the inflater: at most 16 KB per read, so that the search for the trailer stays short.</summary>
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
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use ReadAsync.");

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

    /// <summary>Fills the buffer so that at least <paramref name="count"/> bytes follow <see cref="_next"/>, if the file has them. Keeps the
    /// bytes of the inflater's last read.</summary>
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
