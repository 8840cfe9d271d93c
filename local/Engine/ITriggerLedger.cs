using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Engine;

/// <summary>Which triggers (a blob's path + ETag, a schedule's due time) have started their workflow already. It outlives the
/// instances: a trigger that was seen starts nothing again, also after its instance was purged.</summary>
public interface ITriggerLedger
{
    /// <summary>Remembers the trigger and starts its instance, both or neither, unless the trigger was seen before.</summary>
    /// <param name="triggerKey">Names the trigger: the same event must give the same key.</param>
    /// <param name="workflow">What to start.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id; where an instance exists under it already, the trigger is only remembered.</param>
    /// <param name="cancellationToken">Stops waiting; the start may have happened.</param>
    /// <returns>Whether this call started the instance.</returns>
    Task<bool> StartOnceAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken);

    /// <summary>Whether <see cref="StartOnceAsync"/> has seen this trigger: a cheap read for watchers that poll.</summary>
    Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken);
}
