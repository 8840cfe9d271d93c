namespace KeypointPipeline.Port;

/// <summary>Starts the workflow of a trigger once, however often the trigger is reported. A trigger is a blob's path and ETag, or the
/// due time of a schedule.</summary>
public interface ITriggerStarter
{
    /// <summary>Starts the trigger's instance unless the trigger was seen before.</summary>
    /// <param name="triggerKey">Identifies the trigger: the same event must give the same key.</param>
    /// <param name="workflow">The workflow to start.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id, derived from the trigger. An existing instance with this id is left alone.</param>
    /// <param name="cancellationToken">Stops waiting; the start may still have happened.</param>
    /// <returns>Whether this call started the instance.</returns>
    Task<bool> StartOnceAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken);
}
