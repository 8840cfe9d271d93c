using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Hosting;

/// <summary>Keeps a data folder to one host: an open file that the system releases even after kill -9. Beside it
/// <c>host.json</c> tells commands where the host listens.</summary>
public sealed class HostLock : IDisposable
{
    /// <summary>EROFS, the same number on Linux and macOS; Windows says access denied instead.</summary>
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

    /// <summary>Whether only the folder's owner can look into it.</summary>
    public bool IsPrivate { get; }

    /// <summary>Takes the folder, creates it where it is missing, and closes it to the machine's other users.</summary>
    /// <param name="home">The data folder.</param>
    /// <exception cref="HostAlreadyRunningException">Another host has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written; the message says what to do.</exception>
    public static HostLock Acquire(string home)
    {
        try
        {
            bool isPrivate = PrivateFolder.Create(home);
            LockFile? held = LockFile.TryTake(PathOfLock(home));

            // A command that looks whether a host runs holds the lock for an instant.
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
                $"The data folder {home} cannot be written ({e.Message}). Make it yours (`ls -ld` shows whose it is) or its disk writable, or choose another with --home.", e);
        }
    }

    /// <summary>The host that has this folder now.</summary>
    /// <returns>Null where none runs, or one is only starting.</returns>
    public static HostInfo? FindRunning(string home)
    {
        if (!File.Exists(PathOfLock(home)))
            return null;
        using LockFile? free = LockFile.TryTake(PathOfLock(home));
        return free is null ? ReadInfo(home) : null;
    }

    /// <summary>Tells commands where this host listens.</summary>
    public void Announce(HostInfo info) => WholeFile.Write(_infoFile, PipelineJson.Write(info), WholeFileOptions.OwnerOnly);

    /// <summary>Gives the folder back.</summary>
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
/// <param name="Pid">Its process.</param>
/// <param name="Url">Where programs on this machine reach it.</param>
/// <param name="StartedAt">Since when, UTC.</param>
/// <param name="NeedsKey">Whether it asks for the key in <see cref="LocalHostFiles.HttpKey"/>.</param>
public sealed record HostInfo(int Pid, Uri Url, DateTimeOffset StartedAt, bool NeedsKey = false);

/// <summary>Another host has the data folder.</summary>
public sealed class HostAlreadyRunningException(string home, HostInfo? other)
    : UserErrorException(
        other is null
            ? $"Another host is just starting in {home}. Wait for it, or choose another data folder."
            : $"A host runs in {home} already: process {other.Pid}, {other.Url}. Use that one, stop it first (kill {other.Pid}), "
                + "or choose another data folder.",
        innerException: null,
        OwnExitCode)
{
    /// <summary>What the process exits with: EX_CANTCREAT, which nothing else here uses.</summary>
    public const int OwnExitCode = 73;

    /// <summary>The other host, if it has said where it listens.</summary>
    public HostInfo? Other { get; } = other;
}
