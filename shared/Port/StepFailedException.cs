namespace KeypointPipeline.Port;

/// <summary>Tells a workflow that a step or child workflow failed permanently.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The step or child workflow.</param>
    /// <param name="errorType">Full type name of the last exception.</param>
    /// <param name="message">That exception's message.</param>
    public StepFailedException(string name, string errorType, string message)
        : base($"{name} failed: {message}")
    {
        StepName = name;
        ErrorType = errorType;
        Reason = message;
    }

    /// <summary>The step or child workflow that failed.</summary>
    public string StepName { get; }

    /// <summary>Full type name of the last exception.</summary>
    public string ErrorType { get; }

    /// <summary>The message of that exception.</summary>
    public string Reason { get; }
}
