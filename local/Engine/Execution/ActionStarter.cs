using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Sets the actions of one run going.</summary>
internal sealed class ActionStarter(EngineParts parts, WorkflowRun run) : IActionStarter
{
    /// <inheritdoc/>
    public void StartStep(int action, string name, string input, StepRetry retry, FailedAttempt? failed)
    {
        var job = new WorkflowStepJob(parts, run, action, retry, failed?.Number ?? 0)
        {
            Name = name,
            Input = input,
            Owner = run.Steps,
        };
        if (failed is null)
            parts.Dispatcher.Add(job);
        else
            parts.Timers.Set(failed.Due, retry.DelayAfter(failed.Number), () => parts.Dispatcher.Add(job));
    }

    /// <inheritdoc/>
    public void StartChild(int action, string workflow, string input, string instanceId) =>
        parts.Instances.StartChild(run, action, workflow, input, instanceId);

    /// <inheritdoc/>
    public IDisposable StartTimer(int action, DateTimeOffset due, TimeSpan delay) => parts.Timers.Set(
        due, delay, () => run.Answer(JournalEventKind.TimerFired, action, data: null, notBefore: due));
}
