namespace KeypointPipeline.Storage;

/// <summary>Recognises errors of a full disk. Retrying them makes sense, because space can become free.</summary>
public static class FullDisk
{
    /// <summary>ENOSPC. Linux and macOS use the same number.</summary>
    private const int NoSpace = 28;

    /// <summary>ERROR_DISK_FULL.</summary>
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>ERROR_HANDLE_DISK_FULL.</summary>
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Returns whether the disk was too full to write a file.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException { HResult: NoSpace or WindowsDiskFull or WindowsHandleDiskFull };
}
