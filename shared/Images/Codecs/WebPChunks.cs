using System.Buffers.Binary;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Walks through the chunks of a WebP file (RFC 9649): type, length, data, and a byte of padding if the length is odd.</summary>
internal ref struct WebPChunks
{
    private const int FirstChunk = 12;
    private const int HeadBytes = 8;

    private readonly ReadOnlySpan<byte> _file;
    private long _start;
    private long _next;

    /// <summary>Starts before the first chunk.</summary>
    public WebPChunks(ReadOnlySpan<byte> file)
    {
        _file = file;
        _next = FirstChunk;
    }

    /// <summary>The current chunk's type: four characters.</summary>
    public readonly ReadOnlySpan<byte> Type => _file.Slice((int)_start, 4);

    /// <summary>The current chunk's data, as much of it as the file has.</summary>
    public readonly ReadOnlySpan<byte> Data =>
        _file[((int)_start + HeadBytes)..(int)Math.Min(_file.Length, _start + HeadBytes + Length)];

    private readonly uint Length => BinaryPrimitives.ReadUInt32LittleEndian(_file[((int)_start + 4)..]);

    /// <summary>Moves to the next chunk. Returns false if there is none.</summary>
    public bool MoveNext()
    {
        if (_next + HeadBytes > _file.Length)
            return false;
        _start = _next;
        _next += HeadBytes + (long)Length + (Length & 1);
        return true;
    }
}
