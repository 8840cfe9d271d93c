using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Starts a workflow's actions. An entry in the instance's journal with the action's number answers each.</summary>
internal interface IActionStarter
{
    /// <summary>Runs a step, continuing after the attempts that failed before.</summary>
    void StartStep(int action, string name, string input, StepRetry retry, FailedAttempt? failed);

    /// <summary>Starts a child, or finds it, and waits for its end.</summary>
    void StartChild(int action, string workflow, string input, string instanceId);

    /// <summary>Waits until <paramref name="due"/>.</summary>
    /// <returns>Dispose it to cancel the timer.</returns>
    IDisposable StartTimer(int action, DateTimeOffset due, TimeSpan delay);
}
