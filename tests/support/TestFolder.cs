using KeypointPipeline.Storage;

namespace KeypointPipeline.TestSupport;

/// <summary>Folders for tests. Their names hold a space and a letter beyond ASCII, as users' folders do.</summary>
public static class TestFolder
{
    /// <summary>A folder of the test's own, deleted when disposed.</summary>
    /// <param name="purpose">Part of its name.</param>
    public static TemporaryFolder Create(string purpose) =>
        new(Directory.CreateTempSubdirectory($"keypoints ü {purpose} ").FullName);
}
