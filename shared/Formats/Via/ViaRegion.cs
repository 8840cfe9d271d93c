using System.Text.Json;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.Via;

/// <summary>A region that someone drew, or a picture without regions.</summary>
/// <param name="File">Path of the label file in the set.</param>
/// <param name="Row">Number of the row of a table, or of the picture in a JSON file.</param>
/// <param name="Picture">Name of the picture; empty if it is unknown.</param>
internal sealed record ViaRegion(string File, long Row, string Picture)
{
    /// <summary>Numbers beyond it are no pixels.</summary>
    public const double Largest = 1e9;

    /// <summary>What the file calls the region's shape, for messages.</summary>
    public string ShapeColumn { get; init; } = string.Empty;

    /// <summary>What the file calls the region's attributes, for messages.</summary>
    public string AttributesColumn { get; init; } = string.Empty;

    /// <summary>The point, if the region is one.</summary>
    public (double X, double Y)? Point { get; init; }

    /// <summary>The box, if the region is a rectangle.</summary>
    public PictureBox? Box { get; init; }

    /// <summary>The name of another shape, or null.</summary>
    public string? OtherShape { get; init; }

    /// <summary>The attributes that are filled in.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes { get; init; } = [];

    /// <summary>Why the region cannot be used, or null.</summary>
    public RowFault? Fault { get; init; }

    /// <summary>Returns the region with its shape.</summary>
    /// <param name="shape">The shape's attributes.</param>
    public ViaRegion WithShape(JsonElement shape)
    {
        string? name = shape.FindText("name");
        if (name == "point")
        {
            return (Number(shape, "cx"), Number(shape, "cy")) is ({ } x, { } y)
                ? this with { Point = (x, y) }
                : this with { Fault = new RowFault(RowProblemKind.NotANumber, ShapeColumn, "a point needs the numbers cx and cy") };
        }

        if (name is not ("rect" or "rectangle"))
            return this with { OtherShape = name };
        return (Number(shape, "x"), Number(shape, "y"), Number(shape, "width"), Number(shape, "height"))
            is ({ } left, { } top, > 0 and var width, > 0 and var height)
            ? this with { Box = new PictureBox(left, top, width, height) }
            : this with
            {
                Fault = new RowFault(
                RowProblemKind.Box, ShapeColumn, "a rectangle needs the numbers x, y, width and height, the last two more than 0")
            };
    }

    /// <summary>Returns the region with its attributes.</summary>
    /// <exception cref="InvalidOperationException">A text is not valid UTF-8, or has half of a surrogate pair.</exception>
    public ViaRegion WithAttributes(JsonElement attributes) => attributes.ValueKind != JsonValueKind.Object
        ? this
        : this with { Attributes = [.. attributes.EnumerateObject().Select(Attribute).Where(entry => entry.Value.Length > 0)] };

    private static double? Number(JsonElement shape, string name) =>
        shape.FindNumber(name) is double number && Math.Abs(number) < Largest ? number : null;

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
