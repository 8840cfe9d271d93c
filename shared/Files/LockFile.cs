namespace KeypointPipeline.Files;

/// <summary>Locks a resource for one process by keeping a file open. The system releases the lock when the process ends, also after
/// kill -9.</summary>
public sealed class LockFile : IDisposable
{
    /// <summary>EWOULDBLOCK on Linux and on macOS.</summary>
    private const int LinuxTaken = 11;
    private const int MacTaken = 35;

    /// <summary>ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.</summary>
    private const int WindowsShared = unchecked((int)0x80070020);
    private const int WindowsLocked = unchecked((int)0x80070021);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private LockFile(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock if it is free. Creates the file if it is missing. The file is not deleted afterwards.</summary>
    /// <param name="path">Path of the file. Its folder must exist.</param>
    /// <returns>The lock, or null if it is already taken.</returns>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    public static LockFile? TryTake(string path)
    {
        try
        {
            return new LockFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult is LinuxTaken or MacTaken or WindowsShared or WindowsLocked)
        {
            return null;
        }
    }

    /// <summary>Takes the lock. Waits until it is free.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static async Task<LockFile> TakeAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();
}
