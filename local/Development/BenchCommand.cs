using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using KeypointPipeline.Local.Machine;

namespace KeypointPipeline.Local.Development;

/// <summary><c>keypoints bench</c>: builds and runs the measurements in <c>bench/</c>, which have options of their own: everything
/// after <c>bench</c>, <c>--help</c> too, goes there unchanged.</summary>
internal static class BenchCommand
{
    private const string Name = "bench";

    public static Command Create()
    {
        var command = new Command(Name, "Measure on this machine\n\n  keypoints bench workflow")
        {
            TreatUnmatchedTokensAsErrors = false,
            Action = new PassOn(),
        };
        command.Options.Add(new HelpOption { Action = new PassOn() });
        return command;
    }

    private sealed class PassOn : AsynchronousCommandLineAction
    {
        public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) => DotnetTool.RunAsync(
            [
                "run", "--project", Path.Combine(RepositoryRoot.Path, Name), "--configuration", "Release", "--verbosity", "quiet", "--",
                .. parseResult.Tokens.Select(token => token.Value).SkipWhile(token => token != Name).Skip(1),
            ],
            cancellationToken,
            Environment.CurrentDirectory);
    }
}
