namespace KeypointPipeline.Files;

/// <summary>Recognises file formats by their first bytes.</summary>
internal static class FileMagic
{
    /// <summary>First bytes of gzip data.</summary>
    public static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    /// <summary>First bytes of a zip archive, also of an empty archive.</summary>
    public static ReadOnlySpan<byte> Zip => "PK"u8;

    /// <summary>Byte order mark of UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Returns the end of a message about a wrong format, for example <c>: it is a zip</c>. Returns an empty text if the
    /// format is unknown.</summary>
    public static string Guess(ReadOnlySpan<byte> start) =>
        start.StartsWith(Gzip) ? ": it is gzip data"
        : start.StartsWith(Zip) ? ": it is a zip"
        : string.Empty;
}
