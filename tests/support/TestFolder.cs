using KeypointPipeline.Storage;

namespace KeypointPipeline.TestSupport;

/// <summary>Creates folders for tests. Their names contain a space and a non-ASCII letter, as users' folders do.</summary>
public static class TestFolder
{
    /// <summary>Creates a folder, which is deleted when disposed.</summary>
    /// <param name="purpose">Part of its name.</param>
    public static TemporaryFolder Create(string purpose) =>
        new(Directory.CreateTempSubdirectory($"keypoints ü {purpose} ").FullName);
}
