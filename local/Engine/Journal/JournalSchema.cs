using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>The tables of a journal file, and the check that a file is one.</summary>
internal static class JournalSchema
{
    /// <summary>The version this program reads and writes, kept in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>"KPJL", kept in <c>PRAGMA application_id</c>: tells a journal from any other SQLite file.</summary>
    private const int ApplicationId = 0x4B504A4C;

    /// <summary>Times are UTC ticks, exact, because a replay must see the same instant. Keys are never used twice (AUTOINCREMENT),
    /// so a purged instance's children never find another one as their parent.</summary>
    private const string CreateTables = """
        CREATE TABLE instances (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            parent INTEGER,
            status INTEGER NOT NULL,
            input TEXT NOT NULL,
            custom_status TEXT,
            output TEXT,
            error_type TEXT,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL);
        CREATE INDEX instances_by_created ON instances (created, key);
        CREATE INDEX instances_by_parent ON instances (parent) WHERE parent IS NOT NULL;
        CREATE INDEX instances_under_way ON instances (key) WHERE status IN (0, 1);

        CREATE TABLE events (
            instance INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            action INTEGER,
            time INTEGER NOT NULL,
            name TEXT,
            data TEXT,
            PRIMARY KEY (instance, sequence)) WITHOUT ROWID;

        CREATE TABLE cleanups (
            instance INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            step TEXT NOT NULL,
            failed_attempts INTEGER NOT NULL,
            due INTEGER NOT NULL);

        CREATE TABLE triggers (
            key TEXT PRIMARY KEY,
            instance_id TEXT NOT NULL,
            seen INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Creates the tables in an empty file, or checks those that are there.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        try
        {
            // The first statement that reads the file: what is not SQLite fails here.
            long tables = Scalar(connection, "SELECT count(*) FROM sqlite_schema");
            long application = Scalar(connection, "PRAGMA application_id");
            if (tables == 0 && application == 0)
                Create(connection);
            else if (application != ApplicationId)
                throw NotAJournal(connection.DataSource, innerException: null);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw NotAJournal(connection.DataSource, e);
        }

        long version = Scalar(connection, "PRAGMA user_version");
        if (version != Version)
        {
            throw new InvalidDataException(
                $"{connection.DataSource} is a workflow journal of version {version}; this program reads version {Version}. "
                + "Start the program version that wrote it, or move the file away to begin with an empty journal.");
        }
    }

    private static void Create(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"{CreateTables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};";
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static InvalidDataException NotAJournal(string path, Exception? innerException) => new(
        $"{path} is not a workflow journal. Move the file away, or name another journal file.", innerException);
}
