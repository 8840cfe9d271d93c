namespace KeypointPipeline.Port;

/// <summary>The step failed in a way that another try cannot mend, such as unusable input. Not retried.</summary>
public sealed class PermanentStepException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PermanentStepException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
