using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench;

/// <summary>Folders for a measurement's files.</summary>
internal static class BenchFolder
{
    /// <summary>Creates an empty temporary folder, which is deleted when disposed.</summary>
    public static TemporaryFolder Create() => new(Directory.CreateTempSubdirectory("keypoints-bench-").FullName);
}
