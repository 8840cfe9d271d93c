using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Engine;

/// <summary>Remembers which triggers have started their workflow already. It outlives the instances: a trigger that was seen
/// starts nothing again, also after its instance was purged. Remembering and starting happen both or neither.</summary>
public interface ITriggerLedger : ITriggerStarter
{
    /// <summary>Whether <see cref="ITriggerStarter.StartOnceAsync"/> has seen this trigger: a cheap read for watchers that poll.</summary>
    Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken);
}
