using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
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

/// <summary>Reads the rows of tables of VIA: one region each, or a picture without regions.</summary>
internal static class ViaTable
{
    /// <summary>Reads all rows of a table, streaming.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">The table.</param>
    /// <param name="guesses">Receives what was found about the way the table is written.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<ViaRegion> ReadAsync(
        FileSet set, SetFile file, ISet<string> guesses, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using LabelTable table = await LabelTable.OpenAsync(set, file, cancellationToken);
        ViaColumns columns = ViaColumns.Find(table.Rows.Names)
            ?? throw new RejectedFileException($"{FileNames.OwnName(file.Path)}: columns filename, region_shape_attributes and region_attributes are expected.");
        table.Rows.MostRows = long.MaxValue; // The temporary file limits what is kept.
        while (await table.Rows.ReadAsync(cancellationToken))
            yield return Read(file.Path, table.Rows, columns);
        guesses.UnionWith(table.Rows.Guesses);
    }

    private static ViaRegion Read(string file, CsvTable row, ViaColumns columns)
    {
        if (row.Fault is { } fault)
            return new ViaRegion(file, row.Row, string.Empty) { Fault = row.WithCause(fault) };
        var region = new ViaRegion(file, row.Row, row.Words(columns.Picture)) { ShapeColumn = row.Names[columns.Shape], AttributesColumn = row.Names[columns.Attributes] };
        string column = region.ShapeColumn;
        try
        {
            using JsonDocument shape = Parse(row.Text(columns.Shape));
            region = region.WithShape(shape.RootElement);
            column = region.AttributesColumn;
            using JsonDocument attributes = Parse(row.Text(columns.Attributes));
            return region.WithAttributes(attributes.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return region with { Fault = new RowFault(RowProblemKind.Label, column, "the cell is not a JSON object, or was cut off") };
        }
    }

    /// <summary>Reads an object in a cell. Empty cells and VIA's own <c>undefined</c> are an empty object.</summary>
    private static JsonDocument Parse(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim(" \t"u8);
        JsonDocument document = JsonDocument.Parse(cell.IsEmpty || cell.SequenceEqual("undefined"u8) ? [.. "{}"u8] : cell.ToArray());
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("An object is expected.");
    }
}
