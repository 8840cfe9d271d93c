using System.CommandLine;
using KeypointPipeline.Finding;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Commands;

/// <summary>Creates the options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Creates <c>--json</c>, which prints JSON for scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts" };

    /// <summary>Creates <c>--finder</c>, what finds the faces of pictures.</summary>
    /// <param name="otherwise">What counts without the option, as the end of a sentence.</param>
    public static Option<FinderKind?> Finder(string otherwise) => new("--finder")
    {
        Description = "What finds the faces of pictures of which no file says where they are: faces (the face detector), boxes (nothing; such pictures "
            + $"are predicted whole and marked) or whole (each picture is one face). Without it, {otherwise}",
        HelpName = "FINDER",
        CustomParser = given =>
        {
            FinderKind? kind = given.Tokens is [var token] ? FinderNames.Parse(token.Value) : null;
            if (kind is null)
                given.AddError($"--finder takes {FinderNames.All}.");
            return kind;
        },
    };

    /// <summary>Creates <c>--home</c>, the data folder. The default is <c>.keypoints</c> in the checkout.</summary>
    public static Option<DirectoryInfo> Home() => new("--home")
    {
        Description = "Data folder of the host: storage, journal, logs",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(RepositoryRoot.Path, ".keypoints")),
    };
}
