namespace KeypointPipeline.Sources.Zips;

/// <summary>Limits of zips. A zip beyond a limit is refused, because listing it takes about 400 bytes of memory per file. A folder has no
/// such limit.</summary>
public static class ZipLimits
{
    /// <summary>The maximum number of files in a zip.</summary>
    public const int Entries = 250_000;

    /// <summary>The maximum number of bytes of a zip's list of files.</summary>
    public const int DirectoryBytes = 32 * 1024 * 1024;
}
