namespace KeypointPipeline.Images.Codecs;

/// <summary>Describes files that are not in one of the <see cref="ImageFormat"/>s.</summary>
internal static class ForeignFormat
{
    /// <summary>Returns a message that names the format of a file, recognised by its first bytes, and the formats that are read.</summary>
    public static string Describe(ReadOnlySpan<byte> file) =>
        Find(file) ?? $"The file is not an image: neither {ImageFormats.List("nor")}.";

    /// <summary>Returns such a message for a known format, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length > 12 && file[4..8].SequenceEqual("ftyp"u8))
            return Unread(file[8..12].IndexOf("avi"u8) == 0 ? "AVIF" : "HEIC");
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8))
            return Unread("TIFF");
        if (file.StartsWith("GIF8"u8))
            return Unread("GIF");
        if (file.Length > 12 && file[4..8].SequenceEqual("jP  "u8))
            return Unread("JPEG 2000");
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || (file.Length > 12 && file[4..8].SequenceEqual("JXL "u8)))
            return Unread("JPEG XL");
        if (file.Length > 2 && file[0] == 'P' && file[1] is (byte)'1' or (byte)'4' or (byte)'7' or (byte)'F' or (byte)'f' && NetpbmHeader.IsBlank(file[2]))
            return Unread(file[1] switch { (byte)'7' => "PAM", (byte)'F' or (byte)'f' => "PFM", _ => "PBM" });
        if (file.StartsWith("%PDF"u8))
            return Unread("PDF");
        if (file.StartsWith("<svg"u8) || file.StartsWith("<?xml"u8))
            return Unread("SVG");
        if (file.StartsWith("PK"u8))
            return "The file is a zip archive, not an image.";
        return null;
    }

    private static string Unread(string format) => $"{format} files are not supported; save the image as {ImageFormats.List("or")}.";
}
