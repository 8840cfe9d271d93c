using KeypointPipeline.Serialization;

namespace KeypointPipeline.Port;

/// <summary>All workflows and steps by name, for engines that know only names and JSON. It is built once at start.</summary>
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
    /// <param name="create">Creates one object per run or replay.</param>
    /// <exception cref="ArgumentException">A workflow of this name was added before.</exception>
    public WorkflowCatalog Add<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> reference, Func<IServiceProvider, Workflow<TInput, TOutput>> create)
    {
        _workflows.Add(reference.Name, new WorkflowEntry(
            reference.Name,
            async (services, context, input) =>
                PipelineJson.Write(await create(services).RunAsync(context, PipelineJson.Read<TInput>(input))),
            reference.OnTerminated?.Name));
        return this;
    }

    /// <summary>Adds a step.</summary>
    /// <param name="reference">Its name, types and retries.</param>
    /// <param name="create">Creates one object per run.</param>
    /// <exception cref="ArgumentException">A step of this name was added before.</exception>
    public WorkflowCatalog Add<TInput, TOutput>(StepRef<TInput, TOutput> reference, Func<IServiceProvider, Step<TInput, TOutput>> create)
    {
        _steps.Add(reference.Name, new StepEntry(
            reference.Name,
            reference.Retry,
            async (services, input, cancellationToken) =>
                PipelineJson.Write(await create(services).RunAsync(PipelineJson.Read<TInput>(input), cancellationToken))));
        return this;
    }

    /// <summary>Creates a catalog with the same workflows and other steps under the same names, for measurements.</summary>
    /// <param name="replace">Returns what runs in place of a step.</param>
    public WorkflowCatalog WithSteps(Func<StepEntry, StepEntry> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        var catalog = new WorkflowCatalog();
        foreach (WorkflowEntry workflow in _workflows.Values)
            catalog._workflows.Add(workflow.Name, workflow);
        foreach (StepEntry step in _steps.Values)
            catalog._steps.Add(step.Name, replace(step));
        return catalog;
    }
}

/// <summary>A workflow whose types are reduced to JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RunAsync">Runs or replays it: services, context, input JSON → output JSON. It must resume on the caller's
/// synchronisation context.</param>
/// <param name="OnTerminated">The step that cleans up after a termination, or null.</param>
public sealed record WorkflowEntry(
    string Name,
    Func<IServiceProvider, IWorkflowContext, string, Task<string>> RunAsync,
    string? OnTerminated);

/// <summary>A step whose types are reduced to JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Retry">How it is retried.</param>
/// <param name="RunAsync">Runs it: services, input JSON → output JSON.</param>
public sealed record StepEntry(
    string Name,
    StepRetry Retry,
    Func<IServiceProvider, string, CancellationToken, Task<string>> RunAsync);
