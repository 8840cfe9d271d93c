using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Commands;

/// <summary>This tool as a user calls it.</summary>
internal static class KeypointsCommand
{
    /// <summary>The script in the checkout that runs the tool; <c>keypoints.cmd</c> on Windows, where the ending may be left out.</summary>
    private const string Script = "keypoints";

    /// <summary>What to type in a folder to call the tool.</summary>
    public static string In(string folder)
    {
        if (Path.TrimEndingDirectorySeparator(folder) != RepositoryRoot.Path)
            return Path.Combine(RepositoryRoot.Path, Script);
        return OperatingSystem.IsWindows() ? Script : $"./{Script}";
    }
}
