namespace KeypointPipeline.Errors;

/// <summary>An error that the person who runs the program can solve. The message says what is wrong and what to do next. It is
/// printed without a stack trace. Every other exception is a bug and is printed with one.</summary>
/// <param name="message">What is wrong and what to do next.</param>
/// <param name="innerException">The exception that caused this one, if any.</param>
/// <param name="exitCode">Exit code of the process.</param>
public class UserErrorException(string message, Exception? innerException = null, int exitCode = ExitCodes.Failed)
    : Exception(message, innerException)
{
    /// <summary>Gets the exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Converts an exception to the error that a person reads. A user can also solve errors about missing, locked, forbidden
    /// or damaged files.</summary>
    /// <returns>The error, or null if the exception is a bug.</returns>
    public static UserErrorException? From(Exception exception) => exception switch
    {
        UserErrorException error => error,
        IOException or UnauthorizedAccessException or InvalidDataException => new UserErrorException(exception.Message, exception),
        _ => null,
    };

    /// <summary>Rejects a command line with an empty argument. No option takes one, and most are paths.</summary>
    /// <exception cref="UserErrorException">An argument is empty.</exception>
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
