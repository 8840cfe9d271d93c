namespace KeypointPipeline.Images.Codecs;

/// <summary>The image formats that are read. No file of another format reaches a decoder.</summary>
internal enum ImageFormat
{
    /// <summary>JPEG, ISO 10918.</summary>
    Jpeg,

    /// <summary>PNG, ISO 15948.</summary>
    Png,

    /// <summary>WebP, RFC 9649.</summary>
    WebP,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>Portable graymap of Netpbm: P2 in text, P5 in bytes.</summary>
    Pgm,

    /// <summary>Portable pixmap of Netpbm: P3 in text, P6 in bytes.</summary>
    Ppm,
}

/// <summary>Recognises image formats by the first bytes of a file.</summary>
internal static class ImageFormats
{
    private const int WebPStart = 12;

    /// <summary>Returns the format of a file, or null if it is in none of these formats.</summary>
    public static ImageFormat? Find(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]))
            return ImageFormat.Png;
        if (file.Length > WebPStart && file.StartsWith("RIFF"u8) && file[8..WebPStart].SequenceEqual("WEBP"u8))
            return ImageFormat.WebP;
        return file.StartsWith("BM"u8) ? ImageFormat.Bmp : FindNetpbm(file);
    }

    /// <summary>Returns the usual spelling of a format's name.</summary>
    public static string Name(this ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();

    /// <summary>Lists all formats in words, for example <c>JPEG, PNG, WebP, BMP, PGM or PPM</c>.</summary>
    /// <param name="lastWord">The word before the last format.</param>
    public static string List(string lastWord)
    {
        string[] names = [.. Enum.GetValues<ImageFormat>().Select(Name)];
        return $"{string.Join(", ", names[..^1])} {lastWord} {names[^1]}";
    }

    private static ImageFormat? FindNetpbm(ReadOnlySpan<byte> file)
    {
        if (file.Length < 3 || file[0] != 'P' || !(NetpbmHeader.IsBlank(file[2]) || file[2] == '#'))
            return null;
        return file[1] switch
        {
            (byte)'2' or (byte)'5' => ImageFormat.Pgm,
            (byte)'3' or (byte)'6' => ImageFormat.Ppm,
            _ => null,
        };
    }
}
