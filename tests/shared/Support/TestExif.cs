using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Puts EXIF data with an orientation into image files, as different programs do.</summary>
internal static class TestExif
{
    /// <summary>EXIF data of one directory: the camera's name, the orientation and the resolution's unit.</summary>
    /// <param name="orientation">1 to 8; other values are wrong ones.</param>
    /// <param name="little">Whether numbers are little-endian.</param>
    /// <param name="type">TIFF type of the orientation: 3 for 16 bits, 4 for 32 bits.</param>
    public static byte[] Create(int orientation, bool little, int type = 3)
    {
        byte[] exif = new byte[8 + 2 + (3 * 12) + 4];
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(exif);
        Put(4, 8, 4);
        Put(8, 3, 2);
        Entry(0, 0x010F, 2, 4, 0);
        Entry(1, 0x0112, type, 1, orientation);
        Entry(2, 0x0128, 3, 1, 2);
        return exif;

        void Entry(int index, int tag, int entryType, int count, int value)
        {
            int at = 10 + (12 * index);
            Put(at, tag, 2);
            Put(at + 2, entryType, 2);
            Put(at + 4, count, 4);
            Put(at + 8, value, entryType == 3 ? 2 : 4);
        }

        void Put(int at, int value, int bytes)
        {
            Span<byte> place = exif.AsSpan(at, bytes);
            if (bytes == 2 && little)
                BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)value);
            else if (bytes == 2)
                BinaryPrimitives.WriteUInt16BigEndian(place, (ushort)value);
            else if (little)
                BinaryPrimitives.WriteInt32LittleEndian(place, value);
            else
                BinaryPrimitives.WriteInt32BigEndian(place, value);
        }
    }

    /// <summary>Adds a chunk to a PNG, behind the header or before the end.</summary>
    public static byte[] InPng(byte[] png, byte[] chunk, bool atEnd)
    {
        const int AfterHeader = 8 + 25;
        const int EndChunk = 12;
        return atEnd ? [.. png[..^EndChunk], .. chunk, .. png[^EndChunk..]] : [.. png[..AfterHeader], .. chunk, .. png[AfterHeader..]];
    }

    /// <summary>EXIF data as ImageMagick writes it into a PNG's text.</summary>
    /// <param name="exif">The data.</param>
    /// <param name="packed">Whether the text is compressed.</param>
    public static byte[] RawProfile(byte[] exif, bool packed)
    {
        byte[] all = [.. "Exif\0\0"u8, .. exif];
        string digits = string.Join('\n', Convert.ToHexStringLower(all).Chunk(72).Select(line => new string(line)));
        byte[] text = Encoding.ASCII.GetBytes($"\nexif\n{all.Length,8}\n{digits}\n");
        byte[] keyword = [.. "Raw profile type exif\0"u8];
        if (!packed)
            return TestImages.PngChunk("tEXt"u8, [.. keyword, .. text]);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(text);
        return TestImages.PngChunk("zTXt"u8, [.. keyword, 0, .. compressed.ToArray()]);
    }

    /// <summary>Turns a simple WebP into an extended one with chunks before and after its pixels.</summary>
    /// <param name="simple">A file of a single chunk.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="exif">The data of the chunk <c>EXIF</c>.</param>
    /// <param name="announced">Whether the first chunk says that there is EXIF data.</param>
    public static byte[] InWebP(byte[] simple, int width, int height, byte[] exif, bool announced = true)
    {
        byte[] canvas = [announced ? (byte)0b1000 : (byte)0, 0, 0, 0, .. Size(width), .. Size(height)];
        // A chunk of odd length, so that its byte of padding is in the way.
        byte[] file = [.. "RIFF\0\0\0\0WEBP"u8, .. Chunk("VP8X"u8, canvas), .. simple[12..], .. Chunk("ODD "u8, [1, 2, 3]), .. Chunk("EXIF"u8, exif)];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;

        static byte[] Size(int pixels) => [(byte)(pixels - 1), (byte)((pixels - 1) >> 8), (byte)((pixels - 1) >> 16)];

        static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            byte[] chunk = [.. type, 0, 0, 0, 0, .. data, .. new byte[data.Length & 1]];
            BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
            return chunk;
        }
    }
}
