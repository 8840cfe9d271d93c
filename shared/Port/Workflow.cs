using System.Text.Json;

namespace KeypointPipeline.Port;

/// <summary>A workflow: deterministic code over <see cref="IWorkflowContext"/>, which says what the code may do.</summary>
/// <remarks>The pipeline finds its workflows (<see cref="WorkflowDiscovery"/>): each has a static property <c>Ref</c> of type
/// <see cref="WorkflowRef{TInput,TOutput}"/> and a constructor without parameters.</remarks>
public abstract class Workflow<TInput, TOutput>
{
    /// <summary>Runs or replays one instance.</summary>
    public abstract Task<TOutput> RunAsync(IWorkflowContext context, TInput input);
}

/// <summary>Names a workflow and its types. Recorded instances know the workflow by this name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OnTerminated">The step that cleans up after a terminated instance, or null. It runs after the instance's children have
/// ended, at least once. Steps that they had started may still run on Durable. Its output says whether there was anything to clean up.</param>
public sealed record WorkflowRef<TInput, TOutput>(string Name, StepRef<TerminatedInstance, bool>? OnTerminated = null);

/// <summary>The input of the step that cleans up after a terminated instance.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Input">Its input; null if its history was purged meanwhile.</param>
public sealed record TerminatedInstance(string InstanceId, JsonElement? Input);
