namespace KeypointPipeline.Images;

/// <summary>Describes files that are not in one of the <see cref="ImageFormat"/>s.</summary>
internal static class ForeignFormat
{
    /// <summary>Returns a message that names the format of a file, recognised by its first bytes, and the formats that are read.</summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        if (file.Length > 12 && file[4..8].SequenceEqual("ftyp"u8))
            return Unread(file[8..12].IndexOf("avi"u8) == 0 ? "AVIF" : "HEIC");
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return Unread("TIFF");
        if (file.StartsWith("GIF8"u8))
            return Unread("GIF");
        if (file.StartsWith("%PDF"u8))
            return Unread("PDF");
        if (file.StartsWith("<svg"u8) || file.StartsWith("<?xml"u8))
            return Unread("SVG");
        if (file.StartsWith("PK"u8))
            return "The file is a zip archive, not an image.";
        return $"The file is not an image: neither {ImageFormats.List("nor")}.";
    }

    private static string Unread(string format) => $"{format} files are not supported; save the image as {ImageFormats.List("or")}.";
}
