using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.TestSupport;

/// <summary>Finds data that is too large for the repository: in a folder <c>shared</c> beside it, or in <c>KEYPOINTS_SHARED</c>.</summary>
public static class SharedData
{
    /// <summary>Returns the path of a file, or skips the calling test if the file is absent.</summary>
    public static string Require(params string[] parts)
    {
        string folder = Environment.GetEnvironmentVariable("KEYPOINTS_SHARED")
            ?? Path.Combine(RepositoryRoot.Path, "..", "shared");
        string path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"{path} is not here (set KEYPOINTS_SHARED to the folder that holds it)");
        return path;
    }
}
