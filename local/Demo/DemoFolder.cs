using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Training;

namespace KeypointPipeline.Local.Demo;

/// <summary>The folder that a demo fills.</summary>
public static class DemoFolder
{
    private const string Marker = ".keypoints-demo";

    /// <summary>The data folder of the demo's host.</summary>
    public static string HostHome(string folder) => Path.Combine(folder, "host");

    /// <summary>Takes away what an earlier demo left, and ends what an earlier demo that was killed left running.</summary>
    /// <exception cref="IOException">The folder holds something else, or another demo runs in it.</exception>
    public static async Task EmptyAsync(string folder, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(Path.Combine(folder, Marker)))
                throw new IOException($"{folder} holds files that no demo made: choose another --out, or empty it yourself.");

            // Refuses where another demo still runs here; the storage server of a dead one ends when its folder goes.
            using (HostLock.Acquire(HostHome(folder)))
                await new TrainerProcesses(new LocalHostFiles(HostHome(folder)).Trainers).StopAllAsync(cancellationToken);

            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Marker), "Made by `keypoints demo`, which empties this folder when it runs again.\n", cancellationToken);
    }
}
