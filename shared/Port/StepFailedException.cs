namespace KeypointPipeline.Port;

/// <summary>Tells a workflow that a step or child workflow failed permanently, or that a child workflow was terminated.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>The <see cref="ErrorType"/> of a terminated child workflow.</summary>
    public const string TerminatedType = nameof(WorkflowRuntimeStatus.Terminated);

    /// <summary>The <see cref="Reason"/> of a terminated child workflow if nobody stated one, or if the engine does not pass it on.</summary>
    public const string NoReason = "it was terminated";

    /// <summary>Creates the exception.</summary>
    /// <param name="name">The step or child workflow.</param>
    /// <param name="errorType">Full type name of the last exception, or <see cref="TerminatedType"/>.</param>
    /// <param name="message">That exception's message, or why the child workflow was terminated.</param>
    public StepFailedException(string name, string errorType, string message)
        : base(Describe(name, errorType, message))
    {
        StepName = name;
        ErrorType = errorType;
        Reason = message;
    }

    /// <summary>The step or child workflow that failed.</summary>
    public string StepName { get; }

    /// <summary>Full type name of the last exception, or <see cref="TerminatedType"/>.</summary>
    public string ErrorType { get; }

    /// <summary>The message of that exception, or why the child workflow was terminated.</summary>
    public string Reason { get; }

    private static string Describe(string name, string errorType, string message) => errorType != TerminatedType
        ? $"{name} failed: {message}"
        : message == NoReason ? $"{name} was terminated" : $"{name} was terminated: {message}";
}
