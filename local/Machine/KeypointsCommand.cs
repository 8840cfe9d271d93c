namespace KeypointPipeline.Local.Machine;

/// <summary>Names this tool as a user calls it.</summary>
internal static class KeypointsCommand
{
    /// <summary>The script in the checkout that runs the tool. On Windows it is <c>keypoints.cmd</c>, whose ending users may leave out.</summary>
    private const string Script = "keypoints";

    /// <summary>Gets what a user types in a folder to call the tool.</summary>
    public static string In(string folder)
    {
        if (Path.TrimEndingDirectorySeparator(folder) != RepositoryRoot.Path)
            return Path.Combine(RepositoryRoot.Path, Script);
        return OperatingSystem.IsWindows() ? Script : $"./{Script}";
    }
}
