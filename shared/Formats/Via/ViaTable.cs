using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>The columns of a table of VIA.</summary>
/// <param name="Picture">Index of the column with the picture.</param>
/// <param name="Shape">Index of the column with the region's shape.</param>
/// <param name="Attributes">Index of the column with the region's attributes.</param>
internal sealed record ViaColumns(int Picture, int Shape, int Attributes)
{
    /// <summary>Finds the columns, or returns null if the table is not one of VIA.</summary>
    public static ViaColumns? Find(IReadOnlyList<string> names)
    {
        string[] all = [.. names.Select(name => name.TrimStart('#', ' ').ToLowerInvariant())];
        var columns = new ViaColumns(Array.IndexOf(all, "filename"), Array.IndexOf(all, "region_shape_attributes"), Array.IndexOf(all, "region_attributes"));
        return columns is { Picture: >= 0, Shape: >= 0, Attributes: >= 0 } ? columns : null;
    }
}

/// <summary>A row of the table: a region, or a picture without regions.</summary>
/// <param name="File">Path of the table in the set.</param>
/// <param name="Row">Number of the row.</param>
/// <param name="Picture">Name of the picture; empty if the row cannot be split.</param>
internal sealed record ViaRegion(string File, long Row, string Picture)
{
    /// <summary>The point, if the region is one.</summary>
    public (double X, double Y)? Point { get; init; }

    /// <summary>The box, if the region is a rectangle.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>The name of another shape, or null.</summary>
    public string? OtherShape { get; init; }

    /// <summary>The attributes that are filled in.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];

    /// <summary>Why the row cannot be used, or null.</summary>
    public RowFault? Fault { get; init; }
}

/// <summary>Reads the rows of tables of VIA.</summary>
internal static class ViaTable
{
    private const string ShapeColumn = "region_shape_attributes";

    /// <summary>Numbers beyond it are no pixels.</summary>
    private const double Largest = 1e9;

    /// <summary>Reads all rows of all tables, streaming.</summary>
    /// <param name="set">The set.</param>
    /// <param name="files">The tables.</param>
    /// <param name="guesses">Receives what was found about the way the tables are written.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<ViaRegion> ReadAsync(
        FileSet set, IReadOnlyList<SetFile> files, ISet<string> guesses, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (SetFile file in files)
        {
            await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken);
            ViaColumns columns = ViaColumns.Find(table.Rows.Names)
                ?? throw new RejectedFileException($"{FileNames.OwnName(file.Path)}: columns filename, {ShapeColumn} and region_attributes are expected.");
            table.Rows.MostRows = long.MaxValue; // The temporary file limits what is kept.
            while (await table.Rows.ReadAsync(cancellationToken))
                yield return Read(file.Path, table.Rows, columns);
            guesses.UnionWith(table.Rows.Guesses);
        }
    }

    private static ViaRegion Read(string file, CsvTable row, ViaColumns columns)
    {
        if (row.Fault is { } fault)
            return new ViaRegion(file, row.Row, string.Empty) { Fault = row.WithCause(fault) };
        var region = new ViaRegion(file, row.Row, row.Words(columns.Picture));
        string column = row.Names[columns.Shape];
        try
        {
            using JsonDocument shape = Parse(row.Text(columns.Shape));
            region = Read(region, shape.RootElement);
            column = row.Names[columns.Attributes];
            using JsonDocument attributes = Parse(row.Text(columns.Attributes));
            return region with { Attributes = [.. attributes.RootElement.EnumerateObject().Select(Attribute).Where(entry => entry.Value.Length > 0)] };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return region with { Fault = new RowFault(RowProblemKind.Label, column, "the cell is not a JSON object, or was cut off") };
        }
    }

    private static ViaRegion Read(ViaRegion region, JsonElement shape)
    {
        string? name = shape.TryGetProperty("name", out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        if (name == "point")
        {
            return (Number(shape, "cx"), Number(shape, "cy")) is ({ } x, { } y)
                ? region with { Point = (x, y) }
                : region with { Fault = new RowFault(RowProblemKind.NotANumber, ShapeColumn, "a point needs the numbers cx and cy") };
        }

        if (name is not ("rect" or "rectangle"))
            return region with { OtherShape = name };
        return (Number(shape, "x"), Number(shape, "y"), Number(shape, "width"), Number(shape, "height"))
            is ({ } left, { } top, > 0 and var width, > 0 and var height)
            ? region with { Box = new PictureBox(left, top, width, height) }
            : region with
            {
                Fault = new RowFault(
                RowProblemKind.Box, ShapeColumn, "a rectangle needs the numbers x, y, width and height, the last two more than 0")
            };
    }

    /// <summary>Reads an object in a cell. Empty cells and VIA's own <c>undefined</c> are an empty object.</summary>
    private static JsonDocument Parse(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim(" \t"u8);
        JsonDocument document = JsonDocument.Parse(cell.IsEmpty || cell.SequenceEqual("undefined"u8) ? [.. "{}"u8] : cell.ToArray());
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("An object is expected.");
    }

    private static double? Number(JsonElement shape, string name) =>
        shape.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number
        && member.TryGetDouble(out double number) && Math.Abs(number) < Largest
            ? number
            : null;

    /// <summary>Returns an attribute's text. Of ticked boxes, the only ticked one counts.</summary>
    private static (string Name, string Value) Attribute(JsonProperty attribute) => attribute.Value.ValueKind switch
    {
        JsonValueKind.String => (attribute.Name, attribute.Value.GetString()!.Trim()),
        JsonValueKind.Number => (attribute.Name, attribute.Value.GetRawText()),
        JsonValueKind.Object when attribute.Value.EnumerateObject().Where(box => box.Value.ValueKind == JsonValueKind.True).Take(2).ToArray() is [var ticked] =>
            (attribute.Name, ticked.Name.Trim()),
        _ => (attribute.Name, string.Empty),
    };
}
