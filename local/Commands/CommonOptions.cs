using System.CommandLine;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Commands;

/// <summary>Creates the options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Creates <c>--json</c>, which prints JSON for scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts" };

    /// <summary>Creates <c>--home</c>, the data folder. The default is <c>.keypoints</c> in the checkout.</summary>
    public static Option<DirectoryInfo> Home() => new("--home")
    {
        Description = "Data folder of the host: storage, journal, logs",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(RepositoryRoot.Path, ".keypoints")),
    };
}
