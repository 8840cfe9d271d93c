namespace KeypointPipeline.Port;

/// <summary>The step failed for a reason that a retry cannot remove, such as unusable input. It is not retried.</summary>
public sealed class PermanentStepException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PermanentStepException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
