namespace KeypointPipeline.Files;

/// <summary>How far a packed dataset may go before it is refused. They keep memory bounded whatever is dropped.</summary>
public static class PackedFileLimits
{
    /// <summary>Most files in a zip.</summary>
    public const int ZipEntries = 1_000;

    /// <summary>Most bytes read to list a zip's files.</summary>
    public const int ZipDirectoryBytes = 4 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many bytes whatever its ratio.</summary>
    public const long FreelyUnpackedBytes = 64L * 1024 * 1024;

    /// <summary>Beyond <see cref="FreelyUnpackedBytes"/>, the most bytes unpacked per byte read. Kaggle's file has 4; deflate
    /// can reach 1,032, which only a zip bomb does for long.</summary>
    public const int UnpackedPerByte = 200;
}
