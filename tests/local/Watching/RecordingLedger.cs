using System.Collections.Concurrent;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Port;

namespace KeypointPipeline.Local.Tests.Watching;

/// <summary>Keeps the ledger's promise in memory and tells what it started. <see cref="FailNext"/> makes one call fail.</summary>
internal sealed class RecordingLedger : ITriggerLedger
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

    public Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken) =>
        Task.FromResult(_seen.ContainsKey(triggerKey));
}
