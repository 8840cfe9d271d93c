namespace KeypointPipeline.Storage;

/// <summary>Tells a full disk from everything else that can go wrong with files: it passes.</summary>
public static class FullDisk
{
    /// <summary>ENOSPC, the same number on Linux and macOS.</summary>
    private const int NoSpace = 28;

    /// <summary>ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.</summary>
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Whether a file could not be written for want of space.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException { HResult: NoSpace or WindowsDiskFull or WindowsHandleDiskFull };
}
