namespace KeypointPipeline.Images;

/// <summary>The formats that are read. Only such files reach a native decoder.</summary>
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

    /// <summary>The format, or null if the file has none of these formats.</summary>
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

    /// <summary>The format's usual spelling.</summary>
    public static string Name(this ImageFormat format) => format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();

    /// <summary>All formats as a list for people, such as <c>JPEG, PNG, WebP or BMP</c>.</summary>
    /// <param name="lastWord">The word before the last format.</param>
    public static string List(string lastWord)
    {
        string[] names = [.. Enum.GetValues<ImageFormat>().Select(Name)];
        return $"{string.Join(", ", names[..^1])} {lastWord} {names[^1]}";
    }
}
