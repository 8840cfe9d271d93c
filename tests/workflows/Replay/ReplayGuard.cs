using System.Collections.Concurrent;
using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>Checks, on any engine, that workflows can be replayed. It records all a workflow's code asks of its context and
/// compares every replay by the engine with it; when the code has ended, it runs it once more on the recorded answers and
/// compares calls and outcome. Code that asks for something else, or awaits what is not its context's, fails the instance
/// with a <see cref="ReplayGuardException"/> that names the workflow and the call.</summary>
/// <remarks>What the code does beside its context (counting runs, say) happens once more than without the guard. Clocks that
/// stand still between the runs, and I/O that blocks, go unnoticed here: <see cref="WorkflowCode"/> finds those.</remarks>
public sealed class ReplayGuard
{
    private readonly ConcurrentDictionary<string, CallRecord> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _rehearsed = new(StringComparer.Ordinal);

    /// <summary>How many instances of each workflow ended, and did the same once more.</summary>
    public IReadOnlyDictionary<string, int> Rehearsed => _rehearsed;

    /// <summary>The same steps, and the same workflows under guard.</summary>
    public WorkflowCatalog Over(WorkflowCatalog catalog)
    {
        var guarded = new WorkflowCatalog();
        foreach (WorkflowEntry entry in catalog.Workflows.Values)
        {
            guarded.Add(
                new WorkflowRef<JsonElement, JsonElement>(
                    entry.Name, entry.OnTerminated is string step ? new StepRef<TerminatedInstance, bool>(step, catalog.Steps[step].Retry) : null),
                services => new GuardedWorkflow(this, entry, services));
        }

        foreach (StepEntry entry in catalog.Steps.Values)
            guarded.Add(new StepRef<JsonElement, JsonElement>(entry.Name, entry.Retry), services => new PassedStep(entry, services));
        return guarded;
    }

    private sealed class GuardedWorkflow(ReplayGuard guard, WorkflowEntry entry, IServiceProvider services) : Workflow<JsonElement, JsonElement>
    {
        public override async Task<JsonElement> RunAsync(IWorkflowContext context, JsonElement input)
        {
            CallRecord record = guard._records.GetOrAdd(context.InstanceId, id => new CallRecord(entry.Name, id));
            string json = input.GetRawText();
            var run = new GuardedRun(record, context, ported => entry.RunAsync(services, ported, json));
            try
            {
                string output = await run.RunAsync();
                guard._rehearsed.AddOrUpdate(entry.Name, 1, (_, before) => before + 1);
                return PipelineJson.Read<JsonElement>(output);
            }
            finally
            {
                // The id may be purged and used again.
                guard._records.TryRemove(context.InstanceId, out _);
            }
        }
    }

    private sealed class PassedStep(StepEntry entry, IServiceProvider services) : Step<JsonElement, JsonElement>
    {
        public override async Task<JsonElement> RunAsync(JsonElement input, CancellationToken cancellationToken) =>
            PipelineJson.Read<JsonElement>(await entry.RunAsync(services, input.GetRawText(), cancellationToken));
    }
}

/// <summary>A workflow's code did what a replay cannot bear.</summary>
public sealed class ReplayGuardException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ReplayGuardException(string message)
        : base(message)
    {
    }
}
