namespace KeypointPipeline.Inference.Images;

/// <summary>Says what a file is that no decoder took, by its first bytes.</summary>
internal static class ForeignFormat
{
    public static string Describe(ReadOnlySpan<byte> file)
    {
        if (file.Length > 12 && file[4..8].SequenceEqual("ftyp"u8))
            return Unread(file[8..12].IndexOf("avi"u8) == 0 ? "AVIF" : "HEIC");
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return Unread("TIFF");
        if (file.StartsWith("%PDF"u8))
            return Unread("PDF");
        if (file.StartsWith("<svg"u8) || file.StartsWith("<?xml"u8))
            return Unread("SVG");
        if (file.StartsWith("PK"u8))
            return "The file is a zip archive, not an image.";
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return Damaged("JPEG");
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]))
            return Damaged("PNG");
        if (file.StartsWith("RIFF"u8) && file.Length > 12 && file[8..12].SequenceEqual("WEBP"u8))
            return Damaged("WebP");
        if (file.StartsWith("BM"u8))
            return Damaged("BMP");
        return "The file is not an image: neither JPEG, PNG, WebP nor BMP.";
    }

    private static string Unread(string format) => $"{format} files are not read; save it as JPEG, PNG, WebP or BMP.";

    private static string Damaged(string format) => $"The {format} file's header is cut off or damaged.";
}
