using System.Globalization;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Port;
using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Reads a journal and sees committed changes. The methods return no tasks, because SQLite answers at once.</summary>
internal sealed class JournalQueries(JournalFile file)
{
    private const string LastEvent = "(SELECT time FROM events WHERE instance = key ORDER BY sequence DESC LIMIT 1)";

    private const string StatusColumns = $"""
        SELECT name, id, status, input, custom_status, output, created, max(updated, ifnull({LastEvent}, 0)) FROM instances
        """;

    /// <summary>Finds the status of an instance. Returns null if there is none.</summary>
    public WorkflowStatus? Status(string id)
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"{StatusColumns} WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return Statuses(command).FirstOrDefault();
    }

    /// <summary>Lists instances, newest first.</summary>
    public IReadOnlyList<WorkflowStatus> List(WorkflowQuery query)
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        var sql = new StringBuilder(StatusColumns).Append(" WHERE 1");
        void Where(string condition, object? value)
        {
            if (value is null)
                return;
            string parameter = $"$p{command.Parameters.Count}";
            sql.Append(CultureInfo.InvariantCulture, $" AND {string.Format(CultureInfo.InvariantCulture, condition, parameter)}");
            command.Parameters.AddWithValue(parameter, value);
        }

        Where("created >= {0}", query.CreatedFrom?.UtcTicks);
        Where("created <= {0}", query.CreatedTo?.UtcTicks);
        Where("name = {0}", query.Name);
        Where("substr(id, 1, length({0})) = {0}", query.InstanceIdPrefix);
        if (query.RuntimeStatus is { } statuses)
            sql.Append(CultureInfo.InvariantCulture, $" AND status IN ({string.Join(',', statuses.Select(status => (int)status))})");
        sql.Append(" ORDER BY created DESC, key DESC LIMIT $top");
        command.Parameters.AddWithValue("$top", query.Top);
        command.CommandText = sql.ToString();
        return [.. Statuses(command)];
    }

    /// <summary>Lists the instances that have not ended, oldest first.</summary>
    public IReadOnlyList<InstanceRecord> UnderWay()
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT key, id, name, input, created, custom_status,
                ifnull((SELECT max(sequence) FROM events WHERE instance = key), 0), ifnull({LastEvent}, created)
            FROM instances WHERE status IN (0, 1) ORDER BY key
            """;
        using SqliteDataReader row = command.ExecuteReader();
        var instances = new List<InstanceRecord>();
        while (row.Read())
        {
            instances.Add(new InstanceRecord(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetTime(4), row.GetTextOrNull(5), row.GetInt32(6), row.GetTime(7)));
        }

        return instances;
    }

    /// <summary>Reads the first entries of an instance's history.</summary>
    public IEnumerable<JournalEvent> History(long instance, int entries)
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT kind, action, time, name, data FROM events WHERE instance = $instance AND sequence <= $entries ORDER BY sequence
            """;
        command.Parameters.AddWithValue("$instance", instance);
        command.Parameters.AddWithValue("$entries", entries);
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            yield return new JournalEvent(
                (JournalEventKind)row.GetInt32(0), row.IsDBNull(1) ? null : row.GetInt32(1), row.GetTime(2), row.GetTextOrNull(3), row.GetTextOrNull(4));
        }
    }

    /// <summary>Lists the clean-ups that are not done.</summary>
    public IReadOnlyList<OwedCleanup> Cleanups()
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT cleanups.instance, cleanups.id, instances.input, step, failed_attempts, due
            FROM cleanups LEFT JOIN instances ON instances.key = cleanups.instance ORDER BY cleanups.instance
            """;
        using SqliteDataReader row = command.ExecuteReader();
        var owed = new List<OwedCleanup>();
        while (row.Read())
            owed.Add(new OwedCleanup(
                row.GetInt64(0), row.GetString(1), row.GetTextOrNull(2), row.GetString(3), row.GetInt32(4), row.GetTime(5)));
        return owed;
    }

    /// <summary>Whether an earlier version recorded a trigger. This version writes none.</summary>
    public bool HasTrigger(string key)
    {
        using SqliteConnection connection = file.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM triggers WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() is not null;
    }

    private static IEnumerable<WorkflowStatus> Statuses(SqliteCommand command)
    {
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            yield return new WorkflowStatus(
                row.GetString(0),
                row.GetString(1),
                (WorkflowRuntimeStatus)row.GetInt32(2),
                Json(row.GetTextOrNull(3)),
                Json(row.GetTextOrNull(4)),
                Json(row.GetTextOrNull(5)),
                row.GetTime(6),
                row.GetTime(7));
        }
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
