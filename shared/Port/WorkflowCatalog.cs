using KeypointPipeline.Serialization;

namespace KeypointPipeline.Port;

/// <summary>Every workflow and step by name, for engines that know them only by name and JSON. Built once at start.</summary>
public sealed class WorkflowCatalog
{
    private readonly Dictionary<string, WorkflowEntry> _workflows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepEntry> _steps = new(StringComparer.Ordinal);

    /// <summary>All workflows.</summary>
    public IReadOnlyDictionary<string, WorkflowEntry> Workflows => _workflows;

    /// <summary>All steps.</summary>
    public IReadOnlyDictionary<string, StepEntry> Steps => _steps;

    /// <summary>Adds a workflow.</summary>
    /// <param name="reference">Its name and types.</param>
    /// <param name="create">Makes one object per run or replay.</param>
    /// <param name="onTerminated">A step that cleans up after an instance that was terminated; it gets the instance id.</param>
    /// <exception cref="ArgumentException">The name stands already.</exception>
    public WorkflowCatalog Add<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> reference,
        Func<IServiceProvider, Workflow<TInput, TOutput>> create,
        StepRef<string, bool>? onTerminated = null)
    {
        _workflows.Add(reference.Name, new WorkflowEntry(
            reference.Name,
            async (services, context, input) =>
                PipelineJson.Write(await create(services).RunAsync(context, PipelineJson.Read<TInput>(input))),
            onTerminated?.Name));
        return this;
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="ArgumentException">The name stands already.</exception>
    public WorkflowCatalog Add<TInput, TOutput>(StepRef<TInput, TOutput> reference, Func<IServiceProvider, Step<TInput, TOutput>> create)
    {
        _steps.Add(reference.Name, new StepEntry(
            reference.Name,
            reference.Retry,
            async (services, input, cancellationToken) =>
                PipelineJson.Write(await create(services).RunAsync(PipelineJson.Read<TInput>(input), cancellationToken))));
        return this;
    }
}

/// <summary>A workflow with its types erased to JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RunAsync">Runs or replays it: services, context, input JSON → output JSON. Must resume on the caller's
/// synchronisation context.</param>
/// <param name="OnTerminated">The clean-up step after a termination, or none.</param>
public sealed record WorkflowEntry(
    string Name,
    Func<IServiceProvider, IWorkflowContext, string, Task<string>> RunAsync,
    string? OnTerminated);

/// <summary>A step with its types erased to JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Retry">How it is retried.</param>
/// <param name="RunAsync">Runs it: services, input JSON → output JSON.</param>
public sealed record StepEntry(
    string Name,
    StepRetry Retry,
    Func<IServiceProvider, string, CancellationToken, Task<string>> RunAsync);
