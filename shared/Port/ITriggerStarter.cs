namespace KeypointPipeline.Port;

/// <summary>Starts the workflow of a trigger (a blob's path + ETag, a schedule's due time) once, however often it is reported.</summary>
public interface ITriggerStarter
{
    /// <summary>Starts the trigger's instance unless the trigger was seen before.</summary>
    /// <param name="triggerKey">Names the trigger: the same event must give the same key.</param>
    /// <param name="workflow">What to start.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id, derived from the trigger; an instance that exists under it is left alone.</param>
    /// <param name="cancellationToken">Stops waiting; the start may have happened.</param>
    /// <returns>Whether this call started the instance.</returns>
    Task<bool> StartOnceAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken);
}
