namespace KeypointPipeline.Images;

/// <summary>Limits of a zip of images. A zip beyond a limit is refused, because listing it takes about 600 bytes of memory per file.
/// A folder of images has no such limit.</summary>
public static class ImageZipLimits
{
    /// <summary>The maximum number of files in a zip.</summary>
    public const int ZipEntries = 250_000;

    /// <summary>The maximum number of bytes read to list a zip's files.</summary>
    public const int ZipDirectoryBytes = 32 * 1024 * 1024;
}
