using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Opens connections to a journal file: a connection for writing, and short connections for reading at the same time.</summary>
/// <remarks>The file uses write-ahead logging with <c>synchronous = FULL</c>, so a committed change survives the loss of the process and
/// of the machine's power. Each commit costs one sync of the disk, but the writer commits all waiting changes together. On a busy
/// two-core machine, a fan-out of 20,000 steps took 2.1 s with the syncs and 1.1 s without. In a chain of steps, each step took
/// 2 ms and 0.2 ms.</remarks>
internal sealed class JournalFile
{
    private readonly string _path;

    /// <summary>Sets the path of the file without opening it.</summary>
    public JournalFile(string path) => _path = Path.GetFullPath(path);

    /// <summary>Opens the file for the only writer, after creating or checking it. Closing the connection closes the file, because pooling is off.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    /// <exception cref="JournalException">The file cannot be opened, locked or written.</exception>
    public SqliteConnection OpenForWriting()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Open(SqliteOpenMode.ReadWriteCreate, pooling: false);
            JournalSchema.Prepare(connection);
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SqliteException cause)
                throw new JournalException(_path, cause);
            throw;
        }
    }

    /// <summary>Opens the file for queries, which see committed changes.</summary>
    public SqliteConnection OpenForReading() => Open(SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Closes pooled connections for reading.</summary>
    public void ReleaseReaders()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true));
        SqliteConnection.ClearPool(connection);
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(ConnectionString(mode, pooling));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The time-out, in seconds, limits how long a statement waits for a lock of another process, for example a backup.</summary>
    private string ConnectionString(SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = _path,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = 15,
    }.ConnectionString;

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
