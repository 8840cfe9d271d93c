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

    /// <summary>Deletes the files of an earlier demo, and stops the processes that a killed demo left running.</summary>
    /// <exception cref="IOException">The folder holds files that no demo wrote.</exception>
    /// <exception cref="HostAlreadyRunningException">Another demo runs in the folder.</exception>
    public static async Task EmptyAsync(string folder, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(Path.Combine(folder, Marker)))
                throw new IOException($"{folder} holds files that no demo wrote. Choose another --out, or empty the folder yourself.");

            // The lock fails while another demo runs here. The storage server of a killed demo ends when its folder is deleted.
            using (HostLock.Acquire(HostHome(folder)))
                await new TrainerProcesses(new LocalHostFiles(HostHome(folder)).Trainers).StopAllAsync(cancellationToken);

            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, Marker), "Written by `keypoints demo`, which empties this folder when it runs again.\n", cancellationToken);
    }
}
