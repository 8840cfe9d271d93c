using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Machine;

/// <summary>Holds work back while the data folder's disk is nearly full, and lets it go on by itself once there is space: a step that
/// found no room for its output would fail, and after some tries for good.</summary>
internal sealed class DiskSpace(string folder, TimeProvider time, ILogger<DiskSpace> logger)
{
    /// <summary>Room for the journal, the logs and what is under way; on a small disk its twentieth part.</summary>
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
                    "The disk of {Folder} is full: {Free} MB left, and work waits until {Reserve} MB are free. Free some space; it goes on by itself",
                    folder, free / 1_000_000, reserve / 1_000_000);
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }

        if (Interlocked.Exchange(ref _short, 0) == 1)
            logger.LogWarning("The disk of {Folder} has space again; work goes on", folder);
    }

    private (long Free, long Reserve) Look()
    {
        // Windows knows drives by their root; elsewhere any path tells of the file system it is on.
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
        return (drive.AvailableFreeSpace, Math.Min(LargestReserve, drive.TotalSize / SmallestShare));
    }
}
