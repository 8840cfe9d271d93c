namespace KeypointPipeline.Port;

/// <summary>The step failed for a reason that a retry cannot remove, such as unusable input. It is not retried.</summary>
public sealed class PermanentStepException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PermanentStepException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Gets whether a recorded error type names this exception. Recorded histories hold full type names, and this class
    /// has been in another namespace, so only the name without the namespace counts.</summary>
    /// <param name="errorType">Full name of a type.</param>
    public static bool IsTypeName(string? errorType) =>
        errorType?[(errorType.LastIndexOf('.') + 1)..] == nameof(PermanentStepException);
}
