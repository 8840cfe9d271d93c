using System.Collections.Concurrent;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Tests.Watching;

/// <summary>Remembers triggers in memory and lists what it started. <see cref="FailNext"/> makes one call fail.</summary>
internal sealed class RecordingStarter : ITriggerStarter
{
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Started { get; } = new();

    public bool FailNext { get; set; }

    public Task<bool> StartOnceAsync<TInput, TOutput>(
        string triggerKey, WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        if (FailNext)
        {
            FailNext = false;
            throw new IOException("disk full");
        }

        bool first = _seen.TryAdd(triggerKey, instanceId);
        if (first)
            Started.Enqueue(instanceId);
        return Task.FromResult(first);
    }
}
