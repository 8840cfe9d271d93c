using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench;

/// <summary>A measurement's files.</summary>
internal static class BenchFolder
{
    /// <summary>A folder of one's own, deleted when disposed.</summary>
    public static TemporaryFolder Create() => new(Directory.CreateTempSubdirectory("keypoints-bench-").FullName);
}
