using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>Looks into a journal beside the engine.</summary>
internal static class JournalPeek
{
    /// <summary>Entries in all histories that meet an SQL condition.</summary>
    public static long Count(string path, string condition) => Scalar(path, $"SELECT count(*) FROM events WHERE {condition}");

    public static long Scalar(string path, string sql)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public static void Execute(string path, string sql)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
