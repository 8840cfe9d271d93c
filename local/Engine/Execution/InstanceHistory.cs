using KeypointPipeline.Local.Engine.Journal;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The end of one instance's history, where entries are appended. For changes of the <see cref="JournalWriter"/> only, but
/// for <see cref="HasEnded"/>.</summary>
internal sealed class InstanceHistory
{
    private readonly long _key;
    private readonly TimeProvider _time;
    private int _entries;
    private DateTimeOffset _last;
    private volatile bool _hasEnded;

    /// <summary>Goes on after what the journal holds.</summary>
    public InstanceHistory(InstanceRecord record, TimeProvider time)
    {
        _key = record.Key;
        _entries = record.Events;
        _last = record.LastEvent;
        _time = time;
    }

    /// <summary>Whether the instance has ended: nothing is appended any more.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Appends an entry, at a time not before the last one's.</summary>
    /// <param name="session">Where to write.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="action">The action it answers or records.</param>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its data.</param>
    /// <param name="notBefore">The earliest time it may bear, such as when a timer was due.</param>
    /// <returns>The entry, or null where the instance has ended.</returns>
    public JournalEvent? Append(
        JournalSession session, JournalEventKind kind, int? action, string? name, string? data, DateTimeOffset notBefore = default)
    {
        if (_hasEnded)
            return null;
        DateTimeOffset now = _time.GetUtcNow();
        _last = Later(Later(now, _last), notBefore);
        var entry = new JournalEvent(kind, action, _last, name, data);
        session.InsertEvent(_key, ++_entries, entry);
        return entry;
    }

    /// <summary>Closes the history.</summary>
    /// <returns>False where it was closed before.</returns>
    public bool TryEnd()
    {
        if (_hasEnded)
            return false;
        _hasEnded = true;
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
