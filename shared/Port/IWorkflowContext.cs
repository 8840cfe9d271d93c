using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Port;

/// <summary>Everything a workflow may do: the port between the four workflows and the engine under them (Durable Functions
/// in production, the embedded engine on one machine). A workflow's code runs again from its start after a crash, with the
/// recorded answers, so it must use nothing else: no clock, no random numbers, no I/O, no other awaits.</summary>
public interface IWorkflowContext
{
    /// <summary>This instance's id.</summary>
    string InstanceId { get; }

    /// <summary>The time of the last recorded event, UTC: the same in every replay.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Writes only when not replaying.</summary>
    ILogger Logger { get; }

    /// <summary>Runs a step at least once and records its output; retried as <see cref="StepRef{TInput,TOutput}.Retry"/> says.</summary>
    /// <exception cref="StepFailedException">Every try failed, or one failed for good.</exception>
    Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input);

    /// <summary>Runs another workflow as a child and gives its output. Derive its id from this instance's, so that no other
    /// instance has it: what becomes of one that does is the engine's choice.</summary>
    /// <exception cref="StepFailedException">The child failed or was terminated.</exception>
    Task<TOutput> CallWorkflowAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId);

    /// <summary>Waits, durably, at least this long.</summary>
    Task DelayAsync(TimeSpan delay);

    /// <summary>Waits for an event raised on this instance; events raised before the wait are kept, in order, by name. One wait for
    /// a name at a time.</summary>
    /// <returns>The event's data, or <see langword="null"/> after <paramref name="timeout"/>.</returns>
    Task<string?> WaitForEventAsync(string name, TimeSpan timeout);

    /// <summary>Sets what status queries show as <c>customStatus</c>.</summary>
    void SetStatus<T>(T status);
}
