using System.Buffers.Binary;
using System.IO.Compression;

namespace KeypointPipeline.Sources.Zips;

/// <summary>A part of a zip as a zip of its own that has one file. .NET unpacks Deflate64, which Windows uses for files above 2 GB, only
/// through its <see cref="ZipArchive"/>, and an archive serves one reader.</summary>
internal sealed class OneFileZip : ReadOnlyStream
{
    private readonly ZipSource _source;
    private readonly long _start;
    private readonly long _end;
    private readonly byte[] _directory;
    private long _position;

    /// <summary>Creates the zip.</summary>
    /// <param name="source">The whole zip.</param>
    /// <param name="place">The file.</param>
    /// <param name="dataAt">Place of the file's packed bytes. Its local header is before them.</param>
    public OneFileZip(ZipSource source, ZipPlace place, long dataAt)
    {
        _source = source;
        _start = place.HeaderAt;
        _end = dataAt + place.PackedBytes;
        _directory = Directory(place, _end - _start);
    }

    /// <summary>Number of bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length => _end - _start + _directory.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        long left = _end - _start - _position;
        if (left > 0)
        {
            read = await _source.ReadAsync(_start + _position, buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
        }
        else
        {
            ReadOnlySpan<byte> rest = _directory.AsSpan((int)Math.Min(-left, _directory.Length));
            read = Math.Min(buffer.Length, rest.Length);
            rest[..read].CopyTo(buffer.Span);
        }

        _position += read;
        BytesRead += read;
        return read;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    /// <summary>Writes the central directory of one file and the end records, all with 64-bit sizes (APPNOTE.TXT 6.3.10, sections 4.3.12
    /// to 4.3.16).</summary>
    private static byte[] Directory(ZipPlace place, long at)
    {
        const int Record = 46, Zip64Field = 4 + 16, End64 = 56, Locator = 20, End = 22;
        byte[] bytes = new byte[Record + Zip64Field + End64 + Locator + End];
        Span<byte> record = bytes;
        "PK\u0001\u0002"u8.CopyTo(record);
        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], place.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], place.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(record[20..], uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(record[30..], Zip64Field);
        BinaryPrimitives.WriteUInt16LittleEndian(record[Record..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(record[(Record + 2)..], 16);
        BinaryPrimitives.WriteInt64LittleEndian(record[(Record + 4)..], place.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[(Record + 12)..], place.PackedBytes);

        Span<byte> end64 = record[(Record + Zip64Field)..];
        "PK\u0006\u0006"u8.CopyTo(end64);
        BinaryPrimitives.WriteInt64LittleEndian(end64[4..], End64 - 12);
        BinaryPrimitives.WriteInt64LittleEndian(end64[24..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(end64[32..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(end64[40..], Record + Zip64Field);
        BinaryPrimitives.WriteInt64LittleEndian(end64[48..], at);

        Span<byte> locator = end64[End64..];
        "PK\u0006\u0007"u8.CopyTo(locator);
        BinaryPrimitives.WriteInt64LittleEndian(locator[8..], at + Record + Zip64Field);
        BinaryPrimitives.WriteInt32LittleEndian(locator[16..], 1);

        Span<byte> end = locator[Locator..];
        "PK\u0005\u0006"u8.CopyTo(end);
        end[8..20].Fill(byte.MaxValue);
        return bytes;
    }
}
