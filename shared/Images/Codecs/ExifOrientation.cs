using System.Buffers.Binary;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Reads the orientation from EXIF data (CIPA DC-008, tag 0x0112 of the first directory).</summary>
/// <remarks>SkiaSharp reads it from JPEG files. It does not read it from PNG files, nor from WebP files whose EXIF data begins as in a
/// JPEG.</remarks>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112;
    private const int EntryBytes = 12;

    /// <summary>Returns the orientation, or null if the data states none.</summary>
    /// <param name="exif">A TIFF header and what follows it. It may begin with <c>Exif\0\0</c>, as in a JPEG.</param>
    public static SKEncodedOrigin? Find(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        bool little = exif.StartsWith("II*\0"u8);
        if ((!little && !exif.StartsWith("MM\0*"u8)) || exif.Length < 8)
            return null;
        uint directory = Int32(exif[4..], little);
        if (directory > exif.Length - 2)
            return null;
        ReadOnlySpan<byte> entries = exif[((int)directory + 2)..];
        for (int left = Int16(exif[(int)directory..], little); left > 0 && entries.Length >= EntryBytes; left--, entries = entries[EntryBytes..])
        {
            if (Int16(entries, little) == Tag)
                return Read(entries, little);
        }

        return null;
    }

    /// <summary>Reads an entry: a tag, a type (3: 16 bits, 4: 32 bits), a count and the value.</summary>
    private static SKEncodedOrigin? Read(ReadOnlySpan<byte> entry, bool little)
    {
        uint value = (Int16(entry[2..], little), Int32(entry[4..], little)) switch
        {
            (3, 1) => Int16(entry[8..], little),
            (4, 1) => Int32(entry[8..], little),
            _ => 0,
        };
        return value is >= (uint)SKEncodedOrigin.TopLeft and <= (uint)SKEncodedOrigin.LeftBottom ? (SKEncodedOrigin)value : null;
    }

    private static ushort Int16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Int32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
