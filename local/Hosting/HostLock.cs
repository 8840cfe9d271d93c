using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Hosting;

/// <summary>Keeps a data folder for one host with a locked file, which the system releases even after kill -9. Next to it,
/// <c>host.json</c> tells commands where the host listens.</summary>
public sealed class HostLock : IDisposable
{
    /// <summary>EROFS, the same number on Linux and macOS. Windows reports "access denied" instead.</summary>
    private const int ReadOnlyFileSystem = 30;

    private const int PatienceForLooks = 10;

    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(20);

    private readonly LockFile _lock;
    private readonly string _infoFile;

    private HostLock(LockFile @lock, string infoFile, bool isPrivate)
    {
        IsPrivate = isPrivate;
        _lock = @lock;
        _infoFile = infoFile;
    }

    /// <summary>Gets whether only the owner of the folder can read it.</summary>
    public bool IsPrivate { get; }

    /// <summary>Locks the folder. Creates it if it is missing, and closes it to the machine's other users.
    /// A folder that holds files but has never been a data folder keeps its permissions.</summary>
    /// <param name="home">The data folder.</param>
    /// <exception cref="HostAlreadyRunningException">Another host has locked the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written. The message says what to do.</exception>
    public static HostLock Acquire(string home)
    {
        try
        {
            bool isPrivate = PrivateFolder.Create(home, isOurs: File.Exists(PathOfLock(home)));
            LockFile? held = LockFile.TryTake(PathOfLock(home));

            // A command that checks whether a host runs holds the lock for an instant.
            for (int looks = 0; held is null && looks < PatienceForLooks; looks++)
            {
                Thread.Sleep(LookTime);
                held = LockFile.TryTake(PathOfLock(home));
            }

            if (held is null)
                throw new HostAlreadyRunningException(home, ReadInfo(home));
            var acquired = new HostLock(held, InfoFile(home), isPrivate);
            File.Delete(acquired._infoFile);
            return acquired;
        }
        catch (Exception e) when (e is UnauthorizedAccessException || IsReadOnly(e))
        {
            throw new UnauthorizedAccessException(
                $"The data folder {home} cannot be written ({e.Message}). "
                + "Make yourself its owner (`ls -ld` shows the owner), make its disk writable, or choose another folder with --home.", e);
        }
    }

    /// <summary>Finds the host that has locked a folder.</summary>
    /// <returns>Null if no host runs, or if it is still starting.</returns>
    public static HostInfo? FindRunning(string home)
    {
        if (!File.Exists(PathOfLock(home)))
            return null;
        using LockFile? free = LockFile.TryTake(PathOfLock(home));
        return free is null ? ReadInfo(home) : null;
    }

    /// <summary>Writes <c>host.json</c>, which tells commands where this host listens.</summary>
    public void Announce(HostInfo info) => WholeFile.Write(_infoFile, PipelineJson.Write(info), WholeFileOptions.OwnerOnly);

    /// <summary>Releases the folder.</summary>
    public void Dispose()
    {
        File.Delete(_infoFile);
        _lock.Dispose();
    }

    private static string PathOfLock(string home) => Path.Combine(home, "host.lock");

    private static string InfoFile(string home) => Path.Combine(home, "host.json");

    private static bool IsReadOnly(Exception error) => error is IOException { HResult: ReadOnlyFileSystem };

    private static HostInfo? ReadInfo(string home) => JsonFile.Find<HostInfo>(InfoFile(home));
}

/// <summary><c>host.json</c>: a running host.</summary>
/// <param name="Pid">Id of the host's process.</param>
/// <param name="Url">Address of the HTTP API for programs on this machine.</param>
/// <param name="StartedAt">Time of the start, UTC.</param>
/// <param name="NeedsKey">Whether requests need the key in <see cref="LocalHostFiles.HttpKey"/>.</param>
public sealed record HostInfo(int Pid, Uri Url, DateTimeOffset StartedAt, bool NeedsKey = false);

/// <summary>Another host has locked the data folder.</summary>
public sealed class HostAlreadyRunningException(string home, HostInfo? other)
    : UserErrorException(
        other is null
            ? $"Another host is just starting in {home}. Wait for it, or choose another data folder."
            : $"A host already runs in {home}: process {other.Pid}, {other.Url}. Use that host, stop it first (kill {other.Pid}), "
                + "or choose another data folder.",
        innerException: null,
        ExitCodes.HostRuns)
{
    /// <summary>The other host; null if it is still starting.</summary>
    public HostInfo? Other { get; } = other;
}
