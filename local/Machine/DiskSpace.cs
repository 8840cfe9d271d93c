using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Machine;

/// <summary>Delays work while the disk of the data folder is nearly full, and continues once there is space. Without it, steps would
/// find no space for their output and fail, after some attempts for good.</summary>
internal sealed class DiskSpace(string folder, TimeProvider time, ILogger<DiskSpace> logger)
{
    /// <summary>Bytes reserved for the journal, the logs and running work. On a small disk, a twentieth of the disk.</summary>
    private const long LargestReserve = 200_000_000;

    private const int SmallestShare = 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private int _short;

    /// <summary>Waits until there is space.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Look() is { Free: var free, Reserve: var reserve } && free < reserve)
        {
            if (Interlocked.Exchange(ref _short, 1) == 0)
            {
                logger.LogError(
                    "The disk of {Folder} is full: {Free} MB are left. Work waits until {Reserve} MB are free, then continues by itself: free some space",
                    folder, free / 1_000_000, reserve / 1_000_000);
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }

        if (Interlocked.Exchange(ref _short, 0) == 1)
            logger.LogWarning("The disk of {Folder} has space again; work continues", folder);
    }

    private (long Free, long Reserve) Look()
    {
        // Windows identifies drives by their root. On other systems, any path identifies its file system.
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
        return (drive.AvailableFreeSpace, Math.Min(LargestReserve, drive.TotalSize / SmallestShare));
    }
}
