using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Asks before something is erased for good.</summary>
internal static class Question
{
    /// <summary>Asks the person at the terminal.</summary>
    /// <param name="question">The question, which yes or no answers.</param>
    /// <param name="yes">Whether the answer was given with <c>--yes</c>.</param>
    /// <exception cref="CommandException">The answer is no, or there is nobody to ask.</exception>
    public static void Ask(string question, bool yes)
    {
        if (yes)
            return;
        if (Console.IsInputRedirected)
            throw new CommandException($"Nothing was erased. There is no terminal to ask: {question} Add --yes to answer yes.", ExitCodes.Usage);
        Console.Error.Write($"{question} [y/N] "); // standard output may be JSON
        if (Console.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            throw new CommandException("Nothing was erased.", ExitCodes.Usage);
    }
}
