namespace KeypointPipeline.Errors;

/// <summary>An error that the person who runs the program can solve. The message says what is wrong and what to do next, so it is shown
/// alone. Every other exception is a bug: its stack trace is shown, too.</summary>
/// <param name="message">What is wrong and what to do next.</param>
/// <param name="innerException">What was thrown first, if anything was.</param>
/// <param name="exitCode">What the process exits with.</param>
public class UserErrorException(string message, Exception? innerException = null, int exitCode = UserErrorException.DefaultExitCode)
    : Exception(message, innerException)
{
    /// <summary>What a process exits with unless the error has a code of its own.</summary>
    public const int DefaultExitCode = 1;

    /// <summary>What the process exits with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to tell a person about an exception. Files that are missing, locked, forbidden or damaged are the user's to solve,
    /// too.</summary>
    /// <returns>Null for a bug.</returns>
    public static UserErrorException? From(Exception exception) => exception switch
    {
        UserErrorException error => error,
        IOException or UnauthorizedAccessException or InvalidDataException => new UserErrorException(exception.Message, exception),
        _ => null,
    };

    /// <summary>Refuses a command line with an empty argument: no option here takes one, and most are paths.</summary>
    /// <exception cref="UserErrorException">There is one.</exception>
    public static void ThrowIfEmpty(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Length == 0)
                throw new UserErrorException($"The argument after '{(i == 0 ? "the command" : arguments[i - 1])}' is empty. Give it a value, or leave it out.");
        }
    }
}
