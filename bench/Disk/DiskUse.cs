namespace KeypointPipeline.Bench.Disk;

/// <summary>Watches how much disk the files of a folder take and how much memory this process takes. Files that were deleted and that this
/// process still has open count too (on Linux).</summary>
internal sealed class DiskUse : IAsyncDisposable
{
    private const string OpenFiles = "/proc/self/fd";
    private const string DeletedEnding = " (deleted)";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private readonly string _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private readonly Lock _gate = new();
    private DiskPeak _peak = new(0, 0);

    /// <summary>Starts to watch.</summary>
    /// <param name="folder">The folder, absolute.</param>
    public DiskUse(string folder)
    {
        _folder = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        _looking = Task.Factory.StartNew(LookAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Returns the peak since the last call.</summary>
    public DiskPeak TakePeak()
    {
        Look();
        lock (_gate)
        {
            DiskPeak taken = _peak;
            _peak = new DiskPeak(0, 0);
            return taken;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (true)
        {
            Look();
            await Task.Delay(LookEvery, _stop.Token);
        }
    }

    private void Look()
    {
        var now = new DiskPeak(Files().Sum(SizeOf), Environment.WorkingSet);
        lock (_gate)
            _peak = new DiskPeak(Math.Max(_peak.Disk, now.Disk), Math.Max(_peak.Memory, now.Memory));
    }

    private IEnumerable<string> Files()
    {
        var everyFile = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        IEnumerable<string> listed = Directory.EnumerateFiles(_folder, "*", everyFile);
        return OperatingSystem.IsLinux() ? listed.Concat(Directory.EnumerateFiles(OpenFiles).Where(IsDeletedFileOfFolder)) : listed;
    }

    private bool IsDeletedFileOfFolder(string open)
    {
        try
        {
            return new FileInfo(open).LinkTarget is string target
                && target.StartsWith(_folder, StringComparison.Ordinal) && target.EndsWith(DeletedEnding, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // closed meanwhile
        }
    }

    private static long SizeOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // deleted meanwhile
        }
    }
}

/// <summary>The most that was in use at once.</summary>
/// <param name="Disk">Bytes of files.</param>
/// <param name="Memory">Bytes of resident memory.</param>
internal sealed record DiskPeak(long Disk, long Memory);
