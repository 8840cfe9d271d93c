namespace KeypointPipeline.Workflows;

/// <summary>One unit of work of a workflow: takes and gives small serialisable records (blob names, never data), may do I/O,
/// and can run twice with the same outcome.</summary>
public abstract class Step<TInput, TOutput>
{
    /// <summary>Does the work. Throw <see cref="PermanentStepException"/> where another try cannot help.</summary>
    public abstract Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken);
}

/// <summary>A workflow: deterministic code over <see cref="IWorkflowContext"/>. See there for what it may do.</summary>
public abstract class Workflow<TInput, TOutput>
{
    /// <summary>Runs, or replays, one instance.</summary>
    public abstract Task<TOutput> RunAsync(IWorkflowContext context, TInput input);
}

/// <summary>Names a step and its types, and says how it is retried.</summary>
public sealed record StepRef<TInput, TOutput>(string Name, StepRetry Retry);

/// <summary>Names a workflow and its types.</summary>
public sealed record WorkflowRef<TInput, TOutput>(string Name);

/// <summary>The step failed in a way that another try cannot mend, such as unusable input. Not retried.</summary>
public sealed class PermanentStepException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PermanentStepException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>What a workflow sees of a step or child workflow that failed for good.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The step or child workflow.</param>
    /// <param name="errorType">The type name of the exception it threw last.</param>
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

    /// <summary>Full type name of the exception it threw last.</summary>
    public string ErrorType { get; }

    /// <summary>The message of that exception.</summary>
    public string Reason { get; }
}
