using System.CommandLine;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Commands;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    /// <summary>For scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts" };

    /// <summary>The data folder; its default is <c>.keypoints</c> in the checkout.</summary>
    public static Option<DirectoryInfo> Home() => new("--home")
    {
        Description = "Data folder of the host: storage, journal, logs",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(RepositoryRoot.Path, ".keypoints")),
    };
}
