using System.CommandLine;
using KeypointPipeline.Local.Hosting;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints bench</c>: builds and runs the measurements in <c>bench/</c>.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "The measurement; without it they are listed", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var command = new Command("bench", "Measure on this machine\n\n  keypoints bench workflow") { name, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            List<string> arguments =
            [
                "run", "--project", Path.Combine(RepositoryRoot.Path, "bench"), "--configuration", "Release", "--verbosity", "quiet", "--",
            ];
            if (parsed.GetValue(name) is string chosen)
                arguments.Add(chosen);
            if (parsed.GetValue(json))
                arguments.Add("--json");
            return DotnetTool.RunAsync(arguments, cancellationToken);
        });
        return command;
    }
}
