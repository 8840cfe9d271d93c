using System.Text.Json;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>A point or a rectangle that someone drew. Coordinates are percent of the picture.</summary>
/// <param name="Label">The point's label; empty for a rectangle.</param>
/// <param name="X">The point's x, or the rectangle's left side before it is turned. NaN if it is not stated.</param>
/// <param name="Y">The point's y, or the rectangle's top side before it is turned. NaN if it is not stated.</param>
internal sealed record LabelStudioRegion(string Label, double X, double Y)
{
    /// <summary>The member with the labels of a point.</summary>
    public const string PointLabels = "keypointlabels";

    private const string BoxLabels = "rectanglelabels";

    /// <summary>Numbers beyond it are no percent and no pixels.</summary>
    private const double Largest = 1e9;

    /// <summary>The members with the labels of other shapes. They have no points.</summary>
    private static readonly string[] OtherLabels =
        ["polygonlabels", "ellipselabels", "brushlabels", "vectorlabels", "bitmasklabels", "hypertextlabels", "timeserieslabels", "points", "sequence"];

    /// <summary>The region's id, or null.</summary>
    public string? Id { get; init; }

    /// <summary>The id of the region that it belongs to, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether it is a rectangle.</summary>
    public bool IsBox { get; init; }

    /// <summary>The rectangle's width and height, in percent.</summary>
    public (double Width, double Height) Sides { get; init; }

    /// <summary>The rectangle's rotation in degrees, clockwise, around its top left corner.</summary>
    public double Rotation { get; init; }

    /// <summary>Index of the picture in a task of several pictures.</summary>
    public int Item { get; init; }

    /// <summary>The picture's size in pixels, or null.</summary>
    public (int Width, int Height)? Size { get; init; }

    /// <summary>Whether the picture was turned on the screen.</summary>
    public bool IsTurned { get; init; }

    /// <summary>Reads a result. It gives one region for each label, and none for other shapes.</summary>
    /// <param name="result">An item of <c>result</c>, or an item of a list of JSON-MIN or CSV.</param>
    public static IEnumerable<LabelStudioRegion> Read(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object)
            return [];
        JsonElement value = result.TryGetProperty("value", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : result;
        if (Array.Exists(OtherLabels, name => value.TryGetProperty(name, out _)))
            return [];
        bool hasHeight = value.TryGetProperty("height", out _);
        bool isBox = hasHeight && (value.TryGetProperty(BoxLabels, out _) || Text(result, "type") is "rectangle" or "labels" || Labels(value).Length > 0);
        string[] labels = hasHeight ? [] : Labels(value);
        var region = new LabelStudioRegion(string.Empty, Number(value, "x"), Number(value, "y"))
        {
            Id = Text(result, "id"),
            Parent = Text(result, "parentID") ?? Text(result, "parent_id"),
            IsBox = isBox,
            Sides = (Number(value, "width"), Number(value, "height")),
            Rotation = Number(value, "rotation") is var degrees && double.IsFinite(degrees) ? degrees : 0,
            Item = Number(result, "item_index") is >= 0 and <= int.MaxValue and var item ? (int)item : 0,
            Size = (Number(result, "original_width"), Number(result, "original_height")) is ( >= 1 and <= 1e6, >= 1 and <= 1e6) size
                ? ((int)size.Item1, (int)size.Item2)
                : null,
            IsTurned = Number(result, "image_rotation") is var turn && double.IsFinite(turn) && turn % 360 != 0,
        };
        return isBox ? [region] : labels.Select(label => region with { Label = label });
    }

    /// <summary>Returns the rectangle in shares of the picture, and the upright rectangle around it.</summary>
    public (PictureBox Box, PictureBox Extent) ToBox()
    {
        (double width, double height) = Size is { } size ? (size.Width, size.Height) : (1.0, 1.0);
        (double x, double y, double w, double h) = (X / 100 * width, Y / 100 * height, Sides.Width / 100 * width, Sides.Height / 100 * height);
        (double sin, double cos) = Math.SinCos(Rotation * Math.PI / 180);
        (double centreX, double centreY) = (x + (((w * cos) - (h * sin)) / 2), y + (((w * sin) + (h * cos)) / 2));
        (double outerW, double outerH) = ((w * Math.Abs(cos)) + (h * Math.Abs(sin)), (w * Math.Abs(sin)) + (h * Math.Abs(cos)));
        return (BoxAround(w, h, Rotation), BoxAround(outerW, outerH, 0));

        PictureBox BoxAround(double boxWidth, double boxHeight, double angle) => new(
            (centreX - (boxWidth / 2)) / width, (centreY - (boxHeight / 2)) / height, boxWidth / width, boxHeight / height, angle);
    }

    /// <summary>Returns a member that is a text, or null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number
        && member.TryGetDouble(out double number) && Math.Abs(number) < Largest
            ? number
            : double.NaN;

    private static string[] Labels(JsonElement value)
    {
        if (!value.TryGetProperty(PointLabels, out JsonElement labels) && !value.TryGetProperty("labels", out labels))
            return [];
        return labels.ValueKind == JsonValueKind.Array
            ? [.. labels.EnumerateArray().Where(label => label.ValueKind == JsonValueKind.String).Select(label => label.GetString()!.Trim())]
            : [];
    }
}
