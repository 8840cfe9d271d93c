namespace KeypointPipeline.Port;

/// <summary>One unit of work of a workflow: takes and gives small serialisable records (blob names, never data), may do I/O,
/// and can run twice with the same outcome.</summary>
public abstract class Step<TInput, TOutput>
{
    /// <summary>Does the work. Throw <see cref="PermanentStepException"/> where another try cannot help.</summary>
    public abstract Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken);
}

/// <summary>Names a step and its types, and says how it is retried.</summary>
public sealed record StepRef<TInput, TOutput>(string Name, StepRetry Retry);
