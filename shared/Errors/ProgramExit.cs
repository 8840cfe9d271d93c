namespace KeypointPipeline.Errors;

/// <summary>Turns exceptions into exit codes. An error that a person can solve prints one line.</summary>
public static class ProgramExit
{
    /// <summary>Runs a program.</summary>
    /// <param name="name">Name of the program, printed before the message of an error.</param>
    /// <param name="run">Runs the program and returns its exit code.</param>
    /// <returns>The exit code of the program or of the error, or <see cref="ExitCodes.Cancelled"/>. Any other exception leaves this method, and the
    /// runtime prints its stack trace.</returns>
    public static async Task<int> RunAsync(string name, Func<Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception e) when (UserErrorException.From(e) is { } error)
        {
            await Console.Error.WriteLineAsync($"{name}: {error.Message}");
            return error.ExitCode;
        }
    }
}
