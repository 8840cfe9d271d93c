using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;

namespace KeypointPipeline.Formats.PictureTables;

/// <summary>Reads cells of a table's current row.</summary>
internal static class TableCells
{
    /// <summary>Returns a text without surrounding white space; null if it is empty or there is no such column.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="column">Index of the column, or -1.</param>
    public static string? Text(CsvTable rows, int column)
    {
        string text = column < 0 ? "" : rows.Words(column);
        return text.Length == 0 ? null : text;
    }

    /// <summary>Returns the picture's size, or null if it is not stated.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="columns">Indices of the columns, or null.</param>
    public static (int Width, int Height)? Size(CsvTable rows, (int Width, int Height)? columns) =>
        columns is { } size && Side(rows, size.Width) is int width && Side(rows, size.Height) is int height ? (width, height) : null;

    /// <summary>Why a row is bad that names no picture.</summary>
    public static RowFault PictureFault(CsvTable rows, int column) =>
        new(RowProblemKind.PictureMissing, Show(rows, column), "the name of the picture is missing");

    /// <summary>What messages call a column.</summary>
    public static string Show(CsvTable rows, int column) => rows.Names[column].Length == 0 ? $"{column + 1}" : ShownText.Of(rows.Names[column]);

    private static int? Side(CsvTable rows, int column) =>
        rows.ParseCoordinate(column, out float side) is null && side is >= 1 and < int.MaxValue ? (int)side : null;
}
