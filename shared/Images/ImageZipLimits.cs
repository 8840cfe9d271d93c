namespace KeypointPipeline.Images;

/// <summary>How large a zip of images may be before it is refused: listing it takes about 600 bytes of memory per file. A folder
/// of images has no such limit.</summary>
public static class ImageZipLimits
{
    /// <summary>Most files in a zip.</summary>
    public const int ZipEntries = 250_000;

    /// <summary>Most bytes read to list a zip's files.</summary>
    public const int ZipDirectoryBytes = 32 * 1024 * 1024;
}
