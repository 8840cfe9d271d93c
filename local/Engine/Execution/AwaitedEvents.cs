using System.Diagnostics.CodeAnalysis;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>Keeps raised events that no code awaits yet, and waits for events that were not raised yet, in order. Names ignore case,
/// as in Durable Functions.</summary>
internal sealed class AwaitedEvents
{
    private readonly Dictionary<string, Queue<string>> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LinkedList<PendingWait>> _waits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the oldest event that was raised before the code waited for it.</summary>
    public bool TryTakeKept(string name, [NotNullWhen(true)] out string? data)
    {
        data = null;
        return _kept.TryGetValue(name, out Queue<string>? kept) && kept.TryDequeue(out data);
    }

    /// <summary>Adds a wait.</summary>
    public void Add(string name, PendingWait wait)
    {
        if (!_waits.TryGetValue(name, out LinkedList<PendingWait>? waits))
            _waits.Add(name, waits = new LinkedList<PendingWait>());
        waits.AddLast(wait);
    }

    /// <summary>Removes a wait whose time has passed.</summary>
    public void Remove(string name, PendingWait wait) => _waits[name].Remove(wait);

    /// <summary>Takes the oldest wait for the event. Keeps the event if there is no wait.</summary>
    public PendingWait? TakeWaitOrKeep(string name, string data)
    {
        if (_waits.TryGetValue(name, out LinkedList<PendingWait>? waits) && waits.First is { } first)
        {
            waits.RemoveFirst();
            return first.Value;
        }

        if (!_kept.TryGetValue(name, out Queue<string>? kept))
            _kept.Add(name, kept = new Queue<string>());
        kept.Enqueue(data);
        return null;
    }
}
