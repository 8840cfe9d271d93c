using KeypointPipeline.Local.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Bench.Scale;

/// <summary>What a journal says about all its instances.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Steps">Number of steps that completed.</param>
/// <param name="LongestHistory">Entries of the longest history.</param>
/// <param name="LongestMessage">Bytes of the longest input, output or answer: messages of Durable above 45 KB take another way.</param>
internal sealed record ScaleJournal(int Instances, int Steps, int LongestHistory, int LongestMessage)
{
    /// <summary>Reads a journal while an engine uses it.</summary>
    public static ScaleJournal Read(string path)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        return new ScaleJournal(
            Number(connection, "SELECT count(*) FROM instances"),
            Number(connection, $"SELECT count(*) FROM events WHERE kind = {(int)JournalEventKind.StepCompleted}"),
            Number(connection, "SELECT max(entries) FROM (SELECT count(*) AS entries FROM events GROUP BY instance)"),
            Number(connection, "SELECT max((SELECT max(max(octet_length(input), ifnull(octet_length(output), 0))) FROM instances), (SELECT max(octet_length(data)) FROM events))"));
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar());
    }
}
