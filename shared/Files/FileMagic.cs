namespace KeypointPipeline.Files;

/// <summary>Tells by its first bytes what a file really is.</summary>
internal static class FileMagic
{
    /// <summary>First bytes of gzip data.</summary>
    public static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    /// <summary>First bytes of a zip, also of an empty one.</summary>
    public static ReadOnlySpan<byte> Zip => "PK"u8;

    /// <summary>UTF-8's byte order mark.</summary>
    public static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Such as <c>, but a zip</c>, or nothing.</summary>
    public static string Guess(ReadOnlySpan<byte> start) =>
        start.StartsWith(Gzip) ? ", but gzip data"
        : start.StartsWith(Zip) ? ", but a zip"
        : string.Empty;

    /// <summary>Whether text starts with the byte order mark of UTF-16, little or big endian.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> start) => start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
}
