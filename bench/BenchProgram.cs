using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>Runs a command line and turns errors into messages and exit codes.</summary>
internal static class BenchProgram
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="name">Comes before each error message.</param>
    /// <param name="root">The commands to choose from.</param>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string name, RootCommand root, IReadOnlyList<string> args)
    {
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException)
        {
            // The user can fix these: the message says how, a stack trace would not.
            Console.Error.WriteLine($"{name}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
