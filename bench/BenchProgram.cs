using System.CommandLine;
using KeypointPipeline.Errors;

namespace KeypointPipeline.Bench;

/// <summary>Runs a command line and turns errors into messages and exit codes.</summary>
internal static class BenchProgram
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="name">Comes before each error message.</param>
    /// <param name="root">The commands to choose from.</param>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string name, RootCommand root, IReadOnlyList<string> args) => ProgramExit.RunAsync(name, () =>
    {
        UserErrorException.ThrowIfEmpty(args);
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    });
}
