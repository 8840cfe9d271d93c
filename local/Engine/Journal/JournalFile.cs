using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Opens connections to one journal file: one that writes, and short ones that read beside it.</summary>
/// <remarks>Write-ahead logging with <c>synchronous = NORMAL</c>, on purpose: a commit is in the operating system's hands when
/// it returns, so killing the process loses nothing. A power cut may take back the last moments before it, never tear the
/// file; the workflows then run those moments again, which steps must bear anyway. FULL would sync the disk at each commit.</remarks>
internal sealed class JournalFile
{
    private readonly string _path;

    /// <summary>Names the file; opens nothing.</summary>
    public JournalFile(string path) => _path = Path.GetFullPath(path);

    /// <summary>Opens, and creates or checks, the file for the one writer. Pooling is off: closing it closes the file.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or locked.</exception>
    public SqliteConnection OpenForWriting()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadWriteCreate, pooling: false);
        try
        {
            JournalSchema.Prepare(connection);
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for queries, which see what is committed.</summary>
    public SqliteConnection OpenForReading() => Open(SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Lets go of pooled reading connections.</summary>
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

    /// <summary>The time-out (seconds) is how long a statement waits for another process's lock, such as a backup's.</summary>
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
