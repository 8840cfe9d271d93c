using System.Buffers.Binary;
using System.IO.Hashing;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Walks through the chunks of a PNG file (ISO 15948): length, type, data, checksum.</summary>
internal ref struct PngChunks
{
    private const int SignatureBytes = 8;
    private const int HeadBytes = 8;

    /// <summary>Bytes of a chunk around its data: length and type before, checksum after.</summary>
    public const int Overhead = 12;

    private readonly ReadOnlySpan<byte> _file;

    /// <summary>Starts before the first chunk.</summary>
    public PngChunks(ReadOnlySpan<byte> file)
    {
        _file = file;
        End = Math.Min(SignatureBytes, file.Length);
    }

    /// <summary>Start of the current chunk in the file.</summary>
    public int Start { get; private set; }

    /// <summary>End of the current chunk in the file.</summary>
    public int End { get; private set; }

    /// <summary>The current chunk's type: four letters.</summary>
    public readonly ReadOnlySpan<byte> Type => _file.Slice(Start + 4, 4);

    /// <summary>The current chunk's data.</summary>
    public readonly ReadOnlySpan<byte> Data => _file[(Start + HeadBytes)..(End - 4)];

    /// <summary>Whether the current chunk's checksum matches.</summary>
    public readonly bool IsIntact =>
        Crc32.HashToUInt32(_file[(Start + 4)..(End - 4)]) == BinaryPrimitives.ReadUInt32BigEndian(_file[(End - 4)..]);

    /// <summary>Moves to the next chunk. Returns false if there is none, or if it states a length beyond the end of the file.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _file[End..];
        if (rest.Length < Overhead)
            return false;
        long length = BinaryPrimitives.ReadUInt32BigEndian(rest) + (long)Overhead;
        if (length > rest.Length)
            return false;
        Start = End;
        End += (int)length;
        return true;
    }
}
