using KeypointPipeline.Local.Engine.Journal;

namespace KeypointPipeline.Local.Engine.Execution;

/// <summary>The part of the journal that belongs to an instance: its status, and its history, which grows until the instance ends.</summary>
/// <remarks><see cref="Append"/> and <see cref="TryEnd"/> are for changes of the <see cref="JournalWriter"/>, which run one after
/// the other. The posting members may be called on any thread. They write nothing once the instance has ended.</remarks>
internal sealed class InstanceJournal
{
    private readonly InstanceRecord _record;
    private readonly JournalWriter _writer;
    private readonly JournalQueries _queries;
    private readonly TimeProvider _time;
    private int _entries;
    private DateTimeOffset _last;
    private volatile bool _hasEnded;
    private string? _status;
    private int _statusPosts;

    /// <summary>Continues after the entries that the journal holds.</summary>
    public InstanceJournal(InstanceRecord record, JournalWriter writer, JournalQueries queries, TimeProvider time)
    {
        _record = record;
        _writer = writer;
        _queries = queries;
        _time = time;
        _entries = record.Events;
        _last = record.LastEvent;
        _status = record.CustomStatus;
    }

    /// <summary>Gets whether the instance has ended. Nothing is appended after the end.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Reads the entries that the journal held when this was created.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The journal cannot be read.</exception>
    public RecordedHistory Read() => new(_record.Events > 0 ? _queries.History(_record.Key, _record.Events) : []);

    /// <summary>Appends an entry, at the time of the entry before or later. Call it within a change.</summary>
    /// <param name="session">The session to write with.</param>
    /// <param name="kind">Kind of the entry.</param>
    /// <param name="action">The action that the entry answers or records.</param>
    /// <param name="name">Name in the entry.</param>
    /// <param name="data">Data of the entry.</param>
    /// <param name="notBefore">The earliest time of the entry, for example when a timer was due.</param>
    /// <returns>The entry, or null if the instance has ended.</returns>
    public JournalEvent? Append(
        JournalSession session, JournalEventKind kind, int? action, string? name, string? data, DateTimeOffset notBefore = default)
    {
        if (_hasEnded)
            return null;
        DateTimeOffset now = _time.GetUtcNow();
        _last = Later(Later(now, _last), notBefore);
        var entry = new JournalEvent(kind, action, _last, name, data);
        session.InsertEvent(_record.Key, ++_entries, entry);
        return entry;
    }

    /// <summary>Closes the history. Call it within a change.</summary>
    /// <returns>False if it was closed before.</returns>
    public bool TryEnd()
    {
        if (_hasEnded)
            return false;
        _hasEnded = true;
        return true;
    }

    /// <summary>Appends an entry about an action.</summary>
    /// <param name="kind">Kind of the entry.</param>
    /// <param name="action">The action.</param>
    /// <param name="data">Data of the entry.</param>
    /// <param name="onFile">Called once the entry is on file, or with null if the instance has ended.</param>
    /// <param name="notBefore">The earliest time of the entry.</param>
    public void Post(JournalEventKind kind, int action, string? data, Action<JournalEvent?> onFile, DateTimeOffset notBefore = default)
    {
        JournalEvent? entry = null;
        _writer.Post(session => entry = Append(session, kind, action, name: null, data, notBefore), () => onFile(entry));
    }

    /// <summary>Appends the requests of the workflow's code.</summary>
    public void PostRequests(IReadOnlyList<JournalEvent> requests)
    {
        if (requests.Count == 0)
            return;
        _writer.Post(session =>
        {
            foreach (JournalEvent request in requests)
                Append(session, request.Kind, request.Action, request.Name, request.Data);
        });
    }

    /// <summary>Records that the workflow's code runs.</summary>
    public void PostRunning() => _writer.Post(session => session.SetRunning(_record.Key, _time.GetUtcNow()));

    /// <summary>Records the custom status. At most one such change waits at a time. It writes the newest status.</summary>
    public void PostStatus(string? status)
    {
        if (status is null || status == Volatile.Read(ref _status))
            return;
        Volatile.Write(ref _status, status);
        if (Interlocked.Exchange(ref _statusPosts, 1) == 1)
            return;
        _writer.Post(session =>
        {
            Volatile.Write(ref _statusPosts, 0);
            if (!_hasEnded)
                session.SetCustomStatus(_record.Key, Volatile.Read(ref _status), _time.GetUtcNow());
        });
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
