using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Engine.Timers;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Starts the actions of a run.</summary>
internal sealed class ActionStarter(WorkflowRun run, WorkflowSteps steps, DurableTimers timers, LiveInstances instances) : IActionStarter
{
    /// <inheritdoc/>
    public void StartStep(int action, string name, string input, StepRetry retry, FailedAttempt? failed) =>
        steps.Start(run, action, name, input, retry, failed);

    /// <inheritdoc/>
    public void StartChild(int action, string workflow, string input, string instanceId) =>
        instances.StartChild(run, action, workflow, input, instanceId);

    /// <inheritdoc/>
    public IDisposable StartTimer(int action, DateTimeOffset due, TimeSpan delay) => timers.Set(
        due, delay, () => run.Answer(JournalEventKind.TimerFired, action, data: null, notBefore: due));
}
