using System.Collections.Concurrent;
using KeypointPipeline.Port;

namespace KeypointPipeline.TestSupport;

/// <summary>Starts nothing: remembers in memory which instances exist, and lists what it was asked to start.</summary>
public sealed class RecordingStarter : IWorkflowClient
{
    private readonly ConcurrentDictionary<string, bool> _instances = new(StringComparer.Ordinal);

    /// <summary>Ids in the order of their starts.</summary>
    public ConcurrentQueue<string> Started { get; } = new();

    /// <summary>Returns why an instance cannot be started, or null if it can.</summary>
    public Func<string, Exception?> Refuse { get; set; } = _ => null;

    /// <summary>Makes the next start fail.</summary>
    public void FailNext()
    {
        Refuse = _ =>
        {
            Refuse = _ => null;
            return new IOException("disk full");
        };
    }

    /// <summary>Purges the history of every instance.</summary>
    public void Purge() => _instances.Clear();

    /// <inheritdoc/>
    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        if (Refuse(instanceId) is Exception refusal)
            return Task.FromException<bool>(refusal);
        bool first = _instances.TryAdd(instanceId, true);
        if (first)
            Started.Enqueue(instanceId);
        return Task.FromResult(first);
    }

    /// <inheritdoc/>
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
