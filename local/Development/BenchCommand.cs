using System.CommandLine;
using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Development;

/// <summary><c>keypoints bench</c>: builds and runs the measurements in <c>bench/</c>, which has options of its own.</summary>
internal static class BenchCommand
{
    private const string Name = "bench";

    /// <summary>Describes the command.</summary>
    public static Command Create() => PassedOnCommand.Create(
        Name,
        "Measure on this machine\n\n  keypoints bench workflow",
        (arguments, cancellationToken) => DotnetTool.RunProjectAsync(Path.Combine(RepositoryRoot.Path, Name), arguments, cancellationToken));
}
