namespace KeypointPipeline.Local.Machine;

/// <summary>A program this one needs is missing, too old, or could not be installed. The message says what to do next.</summary>
public sealed class MissingToolException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MissingToolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
