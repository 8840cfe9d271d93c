using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace KeypointPipeline.Local.Commands;

/// <summary>Creates commands that another program runs. All arguments after the verb go there unchanged, including <c>--help</c>, so
/// that only the other program declares the options.</summary>
internal static class PassedOnCommand
{
    /// <summary>Creates a command that passes its arguments on.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">Its description in the list of verbs.</param>
    /// <param name="run">Receives the arguments after the verb and returns the exit code.</param>
    public static Command Create(string name, string description, Func<IReadOnlyList<string>, CancellationToken, Task<int>> run)
    {
        var passOn = new PassOn(name, run);
        return new Command(name, description)
        {
            TreatUnmatchedTokensAsErrors = false,
            Action = passOn,
            Options = { new HelpOption { Action = passOn } },
        };
    }

    /// <summary>Gets the arguments after a word on the command line.</summary>
    public static IReadOnlyList<string> ArgumentsAfter(ParseResult parsed, string word) =>
        [.. parsed.Tokens.Select(token => token.Value).SkipWhile(token => token != word).Skip(1)];

    private sealed class PassOn(string name, Func<IReadOnlyList<string>, CancellationToken, Task<int>> run) : AsynchronousCommandLineAction
    {
        public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
            run(ArgumentsAfter(parseResult, name), cancellationToken);
    }
}
