namespace KeypointPipeline.Images;

/// <summary>The formats that are read. Only files of these reach a native decoder.</summary>
internal enum ImageFormat
{
    /// <summary>ISO 10918.</summary>
    Jpeg,

    /// <summary>ISO 15948.</summary>
    Png,

    /// <summary>RFC 9649.</summary>
    WebP,

    /// <summary>Windows bitmap.</summary>
    Bmp,
}

/// <summary>Tells a file's format by its first bytes.</summary>
internal static class ImageFormats
{
    private const int WebPStart = 12;

    /// <summary>The format, or null for any that is not read.</summary>
    public static ImageFormat? Find(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]))
            return ImageFormat.Png;
        if (file.Length > WebPStart && file.StartsWith("RIFF"u8) && file[8..WebPStart].SequenceEqual("WEBP"u8))
            return ImageFormat.WebP;
        return file.StartsWith("BM"u8) ? ImageFormat.Bmp : null;
    }

    /// <summary>How people write it.</summary>
    public static string Name(this ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();
}
