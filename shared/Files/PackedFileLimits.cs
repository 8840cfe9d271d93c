namespace KeypointPipeline.Files;

/// <summary>Limits of compressed datasets. They keep memory bounded, whatever is dropped. A file beyond a limit is refused.</summary>
public static class PackedFileLimits
{
    /// <summary>A compressed file may unpack to this many bytes, whatever its compression ratio.</summary>
    public const long FreelyUnpackedBytes = 64L * 1024 * 1024;

    /// <summary>The maximum number of bytes unpacked per byte read, beyond <see cref="FreelyUnpackedBytes"/>. Kaggle's file has 4.
    /// Deflate can reach 1,032, but only a zip bomb sustains that.</summary>
    public const int UnpackedPerByte = 200;
}
