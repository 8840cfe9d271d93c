using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>Finds the orientation of a PNG file: in its chunk <c>eXIf</c>, or in a text chunk that holds EXIF data as hexadecimal digits.
/// ImageMagick, ExifTool and others wrote such texts before PNG had <c>eXIf</c>.</summary>
internal static class PngOrientation
{
    private const int LongestPacked = 256 * 1024;
    private const int LongestText = 192 * 1024;

    /// <summary>Returns the orientation, or null if the file states none. A chunk whose checksum does not match is passed over, as decoders
    /// do.</summary>
    public static SKEncodedOrigin? Find(ReadOnlySpan<byte> file)
    {
        SKEncodedOrigin? fromText = null;
        bool hasText = false;
        var chunks = new PngChunks(file);
        while (chunks.MoveNext() && !chunks.Type.SequenceEqual("IEND"u8))
        {
            if (chunks.Type.SequenceEqual("eXIf"u8) && chunks.IsIntact)
                return ExifOrientation.Find(chunks.Data);
            if (!hasText && TextOf(chunks) is { Length: > 0 } text)
            {
                hasText = true;
                fromText = ExifOrientation.Find(ReadHexadecimal(text));
            }
        }

        return fromText;
    }

    /// <summary>Returns the text of a chunk of EXIF data as text, or null if the chunk is another.</summary>
    private static string? TextOf(PngChunks chunks)
    {
        bool isPacked = chunks.Type.SequenceEqual("zTXt"u8);
        if (!isPacked && !chunks.Type.SequenceEqual("tEXt"u8))
            return null;
        ReadOnlySpan<byte> data = chunks.Data;
        int keyword = data.IndexOf((byte)0);
        if (keyword < 0 || !(data[..keyword].SequenceEqual("Raw profile type exif"u8) || data[..keyword].SequenceEqual("Raw profile type APP1"u8)) || !chunks.IsIntact)
            return null;
        data = data[(keyword + 1)..];
        return isPacked ? Unpack(data) : Encoding.Latin1.GetString(data[..Math.Min(data.Length, LongestText)]);
    }

    /// <summary>Unpacks the start of a zlib stream, which a byte with the method 0 precedes. The orientation is near the start of EXIF
    /// data.</summary>
    private static string Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < 2 || packed[0] != 0)
            return "";
        using var zlib = new ZLibStream(new MemoryStream(packed[1..Math.Min(packed.Length, LongestPacked)].ToArray()), CompressionMode.Decompress);
        byte[] text = new byte[LongestText];
        int length = 0;
        try
        {
            while (length < text.Length && zlib.Read(text, length, text.Length - length) is int read and > 0)
                length += read;
        }
        catch (InvalidDataException)
        {
            // Damaged: what was read up to here may be enough.
        }

        return Encoding.Latin1.GetString(text, 0, length);
    }

    /// <summary>Reads such a text: a line with the profile's name, a line with its length, then two digits for each byte.</summary>
    private static byte[] ReadHexadecimal(string text)
    {
        string[] parts = text.Split('\n', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 3)
            return [];
        char[] digits = [.. parts[2].TakeWhile(c => char.IsAsciiHexDigit(c) || char.IsWhiteSpace(c)).Where(char.IsAsciiHexDigit)];
        return Convert.FromHexString(digits.AsSpan(0, digits.Length & ~1));
    }
}
