using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Finds and writes the parts of PNG files (ISO 15948).</summary>
internal static class PngParts
{
    private const int SignatureBytes = 8;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A file of any kind of pixel.</summary>
    public static byte[] Create(int width, int height, byte depth, byte colours, bool isInterlaced = false)
    {
        int samples = colours switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        int lineBytes = ((width * depth * samples) + 7) / 8;
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colours, isInterlaced ? (byte)1 : (byte)0);
        // An interlaced picture consists of seven smaller ones and has a few lines more.
        byte[] lines = [.. Enumerable.Range(0, 2 * (height + 7) * (lineBytes + 1)).Select(i => i % (lineBytes + 1) == 0 ? (byte)0 : (byte)(i * 7))];
        byte[] palette = colours == 3 ? Chunk("PLTE"u8, [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 5))]) : [];
        return [.. Signature, .. Chunk("IHDR"u8, header), .. palette, .. Chunk("IDAT"u8, Deflate(isInterlaced ? new byte[lines.Length] : lines)), .. Chunk("IEND"u8, [])];
    }

    /// <summary>Adds EXIF data with an orientation before the end.</summary>
    public static byte[] WithOrientation(byte[] png, byte orientation) => [.. png[..^12], .. Chunk("eXIf"u8, Exif(orientation)), .. png[^12..]];

    /// <summary>Adds EXIF data with an orientation, as a packed text of hexadecimal digits.</summary>
    public static byte[] WithOrientationInText(byte[] png, byte orientation)
    {
        byte[] text = Encoding.ASCII.GetBytes($"\nexif\n      {Exif(orientation).Length}\n{Convert.ToHexStringLower(Exif(orientation))}\n");
        return [.. png[..^12], .. Chunk("zTXt"u8, [.. "Raw profile type exif\0\0"u8, .. Deflate(text)]), .. png[^12..]];
    }

    /// <summary>A chunk with its length and checksum.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>Deflates bytes as zlib does.</summary>
    public static byte[] Deflate(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(data);
        return packed.ToArray();
    }

    /// <summary>Finds the chunks with their checksums, as far as the lengths are valid.</summary>
    public static List<Range> Chunks(byte[] file)
    {
        var chunks = new List<Range>();
        int next = SignatureBytes;
        while (next + 12 <= file.Length && BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(next)) is var length && length <= file.Length - next - 12)
        {
            chunks.Add(next..(next + (int)length + 12));
            next += (int)length + 12;
        }

        return chunks;
    }

    /// <summary>Corrects the checksums, so that damage gets past them.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        byte[] mended = [.. file];
        foreach (Range chunk in Chunks(mended))
        {
            Span<byte> bytes = mended.AsSpan(chunk);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[^4..], Crc32.HashToUInt32(bytes[4..^4]));
        }

        return mended;
    }

    private static byte[] Exif(byte orientation) => [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}
