using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Reads columns as the journal stores them.</summary>
internal static class SqliteRows
{
    /// <summary>Reads a text column that may be null.</summary>
    public static string? GetTextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>Reads a time that is stored as UTC ticks.</summary>
    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
