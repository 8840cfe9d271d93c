using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.TestSupport;

/// <summary>Data too large for the repository, kept in a folder <c>shared</c> beside it or where <c>KEYPOINTS_SHARED</c> says.</summary>
public static class SharedData
{
    /// <summary>Path of a file there; skips the calling test where it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string folder = Environment.GetEnvironmentVariable("KEYPOINTS_SHARED")
            ?? Path.Combine(RepositoryRoot.Path, "..", "shared");
        string path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"{path} is not here (set KEYPOINTS_SHARED to the folder that holds it)");
        return path;
    }
}
