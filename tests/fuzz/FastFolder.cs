using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Folders in memory where the system has such, since a million small files would otherwise measure the disk.</summary>
internal static class FastFolder
{
    private const string InMemory = "/dev/shm";

    /// <summary>A folder that is deleted when disposed.</summary>
    public static TemporaryFolder Create() => new(Path.Combine(
        Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), $"keypoints-fuzz-{Guid.NewGuid():N}"));
}
