using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Port;

/// <summary>Everything a workflow may do. This is the port between the workflows and the engine under them: Durable Functions in
/// production, the embedded engine on one machine.</summary>
/// <remarks>After a crash, a workflow's code runs again from its start and receives the recorded answers. So it must use nothing but
/// this context: no clock, no random numbers, no I/O, no other awaits.</remarks>
public interface IWorkflowContext
{
    /// <summary>This instance's id.</summary>
    string InstanceId { get; }

    /// <summary>The time of the last recorded event, UTC. It is the same in every replay.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Writes log lines, except during a replay.</summary>
    ILogger Logger { get; }

    /// <summary>Runs a step at least once and records its output. Failures are retried as
    /// <see cref="StepRef{TInput,TOutput}.Retry"/> says.</summary>
    /// <exception cref="StepFailedException">Every try failed, or one failed permanently.</exception>
    Task<TOutput> CallStepAsync<TInput, TOutput>(StepRef<TInput, TOutput> step, TInput input);

    /// <summary>Runs another workflow as a child and returns its output. Derive the child's id from this instance's id, so that no
    /// other instance has it: the engines treat an existing instance differently.</summary>
    /// <exception cref="StepFailedException">The child failed or was terminated.</exception>
    Task<TOutput> CallWorkflowAsync<TInput, TOutput>(WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId);

    /// <summary>Waits at least this long, also across restarts.</summary>
    Task DelayAsync(TimeSpan delay);

    /// <summary>Waits for an event raised on this instance. Events raised before the wait are kept in order, by name. Only one wait
    /// per name may be open at a time.</summary>
    /// <returns>The event's data, or <see langword="null"/> after <paramref name="timeout"/>.</returns>
    Task<string?> WaitForEventAsync(string name, TimeSpan timeout);

    /// <summary>Sets what status queries show as <c>customStatus</c>.</summary>
    void SetStatus<T>(T status);
}
