using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace KeypointPipeline.Local.Commands;

/// <summary>Creates verbs whose options belong to another program. Everything after the verb, <c>--help</c> too, goes there unchanged,
/// so that each option is declared once.</summary>
internal static class PassedOnCommand
{
    /// <summary>Creates such a verb.</summary>
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

    /// <summary>Everything on the command line after a word.</summary>
    public static IReadOnlyList<string> ArgumentsAfter(ParseResult parsed, string word) =>
        [.. parsed.Tokens.Select(token => token.Value).SkipWhile(token => token != word).Skip(1)];

    private sealed class PassOn(string name, Func<IReadOnlyList<string>, CancellationToken, Task<int>> run) : AsynchronousCommandLineAction
    {
        public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
            run(ArgumentsAfter(parseResult, name), cancellationToken);
    }
}
