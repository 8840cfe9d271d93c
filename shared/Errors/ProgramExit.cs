namespace KeypointPipeline.Errors;

/// <summary>Ends a program as people expect: one line for an error that they can solve.</summary>
public static class ProgramExit
{
    /// <summary>What a shell reports for a program that Ctrl-C ended.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs a program.</summary>
    /// <param name="name">Its name, which stands before the error's message.</param>
    /// <param name="run">Gives its exit code.</param>
    /// <returns>The exit code: the program's own, the error's, or <see cref="Cancelled"/>. A bug is thrown on, so that the runtime shows its
    /// stack trace.</returns>
    public static async Task<int> RunAsync(string name, Func<Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return Cancelled;
        }
        catch (Exception e) when (UserErrorException.From(e) is { } error)
        {
            await Console.Error.WriteLineAsync($"{name}: {error.Message}");
            return error.ExitCode;
        }
    }
}
