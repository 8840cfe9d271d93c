namespace KeypointPipeline.Port;

/// <summary>A workflow: deterministic code over <see cref="IWorkflowContext"/>. See there for what it may do.</summary>
public abstract class Workflow<TInput, TOutput>
{
    /// <summary>Runs, or replays, one instance.</summary>
    public abstract Task<TOutput> RunAsync(IWorkflowContext context, TInput input);
}

/// <summary>Names a workflow and its types.</summary>
public sealed record WorkflowRef<TInput, TOutput>(string Name);
