namespace KeypointPipeline.Port;

/// <summary>One unit of work of a workflow. It takes and returns small serialisable records (blob names, never data), may do I/O, and
/// gives the same outcome when it runs twice.</summary>
/// <remarks>The pipeline finds its steps (<see cref="WorkflowDiscovery"/>): each has a static property <c>Ref</c> of type
/// <see cref="StepRef{TInput,TOutput}"/>.</remarks>
public abstract class Step<TInput, TOutput>
{
    /// <summary>Does the work. Throws <see cref="PermanentStepException"/> if a retry cannot help.</summary>
    public abstract Task<TOutput> RunAsync(TInput input, CancellationToken cancellationToken);
}

/// <summary>Names a step and its types, and says how it is retried. Recorded instances know the step by this name.</summary>
public sealed record StepRef<TInput, TOutput>(string Name, StepRetry Retry);
