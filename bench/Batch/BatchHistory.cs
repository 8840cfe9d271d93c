using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Steps.Infer;
using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Bench.Batch;

/// <summary>What the journal says about one batch, and how long its parts took.</summary>
/// <param name="Children">Child workflows.</param>
/// <param name="LargestEntries">Entries of the longest history.</param>
/// <param name="LargestBytes">Bytes of text of the largest instance: input, output, status and history.</param>
/// <param name="Listing">Seconds until the batch was listed and cut into chunks.</param>
/// <param name="Predicting">Seconds from then until the last chunk was predicted.</param>
/// <param name="Merging">Seconds from then until the results were written and the work folder was cleared.</param>
internal sealed record BatchHistory(
    int Children, int LargestEntries, int LargestBytes, double Listing, double Predicting, double Merging)
{
    /// <summary>Seconds of the whole batch.</summary>
    public double Seconds => Listing + Predicting + Merging;

    /// <summary>Reads the journal while the engine uses it.</summary>
    /// <param name="journal">The journal file.</param>
    /// <param name="instanceId">A batch that has completed.</param>
    public static BatchHistory Read(string journal, string instanceId)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = journal, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        (int children, int largestEntries, int largestBytes) = Sizes(connection, instanceId);
        DateTimeOffset created = Time(connection, "SELECT created FROM instances WHERE id = $0", instanceId);
        DateTimeOffset planned = StepCompleted(connection, instanceId, PlanBatch.Ref.Name);
        DateTimeOffset predicted = Time(
            connection,
            $"SELECT max(time) FROM events WHERE instance = {Key} AND kind = {(int)JournalEventKind.ChildCompleted}",
            instanceId);
        DateTimeOffset merged = StepCompleted(connection, instanceId, MergeBatch.Ref.Name);
        return new BatchHistory(
            children,
            largestEntries,
            largestBytes,
            (planned - created).TotalSeconds,
            (predicted - planned).TotalSeconds,
            (merged - predicted).TotalSeconds);
    }

    private const string Key = "(SELECT key FROM instances WHERE id = $0)";

    private static (int Children, int LargestEntries, int LargestBytes) Sizes(SqliteConnection connection, string instanceId)
    {
        using SqliteCommand command = Command(
            connection,
            $"""
            SELECT count(*) - 1, max(entries), max(own + history) FROM (
                SELECT octet_length(input) + ifnull(octet_length(output), 0) + ifnull(octet_length(custom_status), 0) AS own,
                    count(sequence) AS entries,
                    sum(ifnull(octet_length(events.name), 0) + ifnull(octet_length(data), 0)) AS history
                FROM instances JOIN events ON instance = key
                WHERE id = $0 OR parent = {Key} GROUP BY key)
            """,
            instanceId);
        using SqliteDataReader row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2));
    }

    private static DateTimeOffset StepCompleted(SqliteConnection connection, string instanceId, string step) => Time(
        connection,
        $"""
        SELECT max(answer.time) FROM events answer JOIN events request USING (instance, action)
        WHERE instance = {Key} AND request.kind = {(int)JournalEventKind.StepScheduled} AND request.name = '{step}'
            AND answer.kind = {(int)JournalEventKind.StepCompleted}
        """,
        instanceId);

    private static DateTimeOffset Time(SqliteConnection connection, string sql, string instanceId)
    {
        using SqliteCommand command = Command(connection, sql, instanceId);
        return new DateTimeOffset((long)command.ExecuteScalar()!, TimeSpan.Zero);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string instanceId)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$0", instanceId);
        return command;
    }
}
