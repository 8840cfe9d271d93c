using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>The journal cannot be read or written, because the disk is full, missing or read-only. All accepted changes are safe.</summary>
public sealed class JournalException(string path, SqliteException cause)
    : IOException($"The workflow journal {path} cannot be used: {cause.Message} {NextStep(cause)}", cause)
{
    private static string NextStep(SqliteException cause) => cause.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => "Free some space on its disk, then start the host again. It continues where it was.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            "Make sure that you can write to its folder and that its disk is not mounted read-only, then start the host again. It continues where it was.",
        _ => "Check its disk, then start the host again. It continues where it was.",
    };
}
