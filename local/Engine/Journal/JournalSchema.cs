using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Creates the tables of a journal file, and checks that a file is a journal.</summary>
internal static class JournalSchema
{
    /// <summary>The version that this program reads and writes, stored in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>"KPJL", stored in <c>PRAGMA application_id</c>. It distinguishes a journal from other SQLite files.</summary>
    private const int ApplicationId = 0x4B504A4C;

    /// <summary>Times are exact UTC ticks, because a replay must see the same time. Keys are never used twice (AUTOINCREMENT), so the
    /// children of a purged instance never get another parent. Only earlier versions wrote <c>triggers</c>.</summary>
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

    /// <summary>Creates the tables in an empty file, or checks an existing file.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, or a newer program wrote it.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        try
        {
            // This statement is the first to read the file, so it fails if the file is not SQLite.
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
                $"{connection.DataSource} is a workflow journal of version {version}, but this program reads version {Version}. "
                + "Start the version of the program that wrote it, or move the file away to start with an empty journal.");
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
        $"{path} is not a workflow journal. Move the file away, or choose another journal file.", innerException);
}
