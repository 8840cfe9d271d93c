using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Creates folders in memory if the system has them. On a disk, a million small files would take most of the time.</summary>
internal static class FastFolder
{
    private const string InMemory = "/dev/shm";

    /// <summary>Creates a folder that is deleted when disposed.</summary>
    public static TemporaryFolder Create() => new(Path.Combine(
        Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), $"keypoints-fuzz-{Guid.NewGuid():N}"));
}
