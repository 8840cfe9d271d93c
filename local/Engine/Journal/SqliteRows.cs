using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>Columns as the journal stores them.</summary>
internal static class SqliteRows
{
    /// <summary>Text, or null.</summary>
    public static string? GetTextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A time stored as UTC ticks.</summary>
    public static DateTimeOffset GetTime(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
