using KeypointPipeline.Port;
using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Writes to the journal, on the writer's connection and inside its transaction. Only the writer's thread may use it.</summary>
internal sealed class JournalSession : IDisposable
{
    private const string EndedTree = """
        WITH RECURSIVE tree(key) AS (
            SELECT key FROM instances WHERE id = $0 AND status NOT IN (0, 1)
            UNION
            SELECT child.key FROM instances child JOIN tree ON child.parent = tree.key WHERE child.status NOT IN (0, 1))
        """;

    private readonly SqliteConnection _connection;
    private readonly List<PreparedStatement> _statements = [];
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _insertInstance;
    private readonly PreparedStatement _findOutcome;
    private readonly PreparedStatement _insertEvent;
    private readonly PreparedStatement _setRunning;
    private readonly PreparedStatement _setCustomStatus;
    private readonly PreparedStatement _end;
    private readonly PreparedStatement _terminate;
    private readonly PreparedStatement _saveCleanup;
    private readonly PreparedStatement _removeCleanup;
    private readonly PreparedStatement _purgeEvents;
    private readonly PreparedStatement _purgeInstances;

    /// <summary>Takes over the connection.</summary>
    public JournalSession(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare(0, "BEGIN IMMEDIATE");
        _commit = Prepare(0, "COMMIT");
        _insertInstance = Prepare(5, """
            INSERT INTO instances (id, name, parent, status, input, created, updated) VALUES ($0, $1, $2, 0, $3, $4, $4)
            ON CONFLICT (id) DO NOTHING RETURNING key
            """);
        _findOutcome = Prepare(1, "SELECT name, status, output, error_type FROM instances WHERE id = $0");
        _insertEvent = Prepare(7, "INSERT INTO events (instance, sequence, kind, action, time, name, data) VALUES ($0, $1, $2, $3, $4, $5, $6)");
        _setRunning = Prepare(2, "UPDATE instances SET status = 1, updated = $1 WHERE key = $0 AND status = 0");
        _setCustomStatus = Prepare(3, "UPDATE instances SET custom_status = $1, updated = $2 WHERE key = $0");
        _end = Prepare(6, """
            UPDATE instances SET status = $1, output = $2, error_type = $3, custom_status = $4, updated = $5 WHERE key = $0
            """);
        _terminate = Prepare(3, """
            WITH RECURSIVE tree(key) AS (
                SELECT key FROM instances WHERE id = $0 AND status IN (0, 1)
                UNION
                SELECT child.key FROM instances child JOIN tree ON child.parent = tree.key)
            UPDATE instances SET status = 4, output = $1, updated = $2
            WHERE key IN (SELECT key FROM tree) AND status IN (0, 1) RETURNING key, id, name
            """);
        _saveCleanup = Prepare(5, "INSERT OR REPLACE INTO cleanups (instance, id, step, failed_attempts, due) VALUES ($0, $1, $2, $3, $4)");
        _removeCleanup = Prepare(1, "DELETE FROM cleanups WHERE instance = $0");
        _purgeEvents = Prepare(1, $"{EndedTree} DELETE FROM events WHERE instance IN (SELECT key FROM tree)");
        _purgeInstances = Prepare(1, $"{EndedTree} DELETE FROM instances WHERE key IN (SELECT key FROM tree)");
    }

    /// <summary>Begins a transaction. Waits if another process holds a lock.</summary>
    public void Begin() => _begin.Execute();

    /// <summary>Commits the transaction.</summary>
    public void Commit() => _commit.Execute();

    /// <summary>Inserts an instance unless its id exists.</summary>
    /// <returns>Key of the instance, or null if the id exists.</returns>
    public long? InsertInstance(NewInstance instance) => (long?)_insertInstance.Scalar(
        instance.Id, instance.Name, instance.Parent, instance.Input, instance.Created.UtcTicks);

    /// <summary>Finds the state of an instance. Returns null if there is none.</summary>
    public InstanceOutcome? FindOutcome(string id)
    {
        using SqliteDataReader row = _findOutcome.Query(id);
        return row.Read()
            ? new InstanceOutcome(
                row.GetString(0), (WorkflowRuntimeStatus)row.GetInt32(1), row.GetTextOrNull(2), row.GetTextOrNull(3))
            : null;
    }

    /// <summary>Appends an entry to an instance's history.</summary>
    public void InsertEvent(long instance, int sequence, JournalEvent entry) => _insertEvent.Execute(
        instance, sequence, (int)entry.Kind, entry.Action, entry.Time.UtcTicks, entry.Name, entry.Data);

    /// <summary>Records that the code of an instance runs.</summary>
    public void SetRunning(long instance, DateTimeOffset now) => _setRunning.Execute(instance, now.UtcTicks);

    /// <summary>Records the custom status.</summary>
    public void SetCustomStatus(long instance, string? json, DateTimeOffset now) => _setCustomStatus.Execute(instance, json, now.UtcTicks);

    /// <summary>Records how an instance ended.</summary>
    public void EndInstance(long instance, InstanceEnd end, string? customStatus, DateTimeOffset now) => _end.Execute(
        instance, (int)end.Status, end.Output, end.ErrorType, customStatus, now.UtcTicks);

    /// <summary>Terminates an instance and all its descendants that have not ended.</summary>
    /// <returns>The terminated instances. Empty if the instance does not exist or has ended.</returns>
    public IReadOnlyList<TerminatedRow> Terminate(string id, string? reasonJson, DateTimeOffset now)
    {
        using SqliteDataReader row = _terminate.Query(id, reasonJson, now.UtcTicks);
        var terminated = new List<TerminatedRow>();
        while (row.Read())
            terminated.Add(new TerminatedRow(row.GetInt64(0), row.GetString(1), row.GetString(2)));
        return terminated;
    }

    /// <summary>Records a clean-up that is not done, with the number of its failed attempts.</summary>
    public void SaveCleanup(OwedCleanup cleanup) => _saveCleanup.Execute(
        cleanup.Instance, cleanup.InstanceId, cleanup.Step, cleanup.FailedAttempts, cleanup.Due.UtcTicks);

    /// <summary>Removes a clean-up that is done or was given up.</summary>
    public void RemoveCleanup(long instance) => _removeCleanup.Execute(instance);

    /// <summary>Deletes an ended instance and its ended descendants.</summary>
    /// <returns>The number of deleted instances.</returns>
    public int Purge(string id)
    {
        _purgeEvents.Execute(id);
        return _purgeInstances.Execute(id);
    }

    /// <summary>Closes the connection. An open transaction is rolled back.</summary>
    public void Dispose()
    {
        foreach (PreparedStatement statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }

    private PreparedStatement Prepare(int parameters, string sql)
    {
        var statement = new PreparedStatement(_connection, parameters, sql);
        _statements.Add(statement);
        return statement;
    }
}
