using System.Text.Json;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.LabelMe;

/// <summary>A shape that someone drew, in pixels of the picture.</summary>
/// <param name="Label">Its label: the keypoint of a point.</param>
internal sealed record LabelMeShape(string Label)
{
    private const string Polygon = "polygon";

    /// <summary>From pixel edges to pixel centres.</summary>
    private const double HalfPixel = 0.5;

    /// <summary>Numbers beyond it are no pixels.</summary>
    private const double Largest = 1e9;

    /// <summary>The point, if the shape is one. Pixel centres are integers.</summary>
    public (double X, double Y)? Point { get; private init; }

    /// <summary>The box, if the shape is a rectangle.</summary>
    public PictureBox? Box { get; private init; }

    /// <summary>The kind of another shape, or null.</summary>
    public string? OtherKind { get; private init; }

    /// <summary>What the shapes of an instance share, or null.</summary>
    public string? Group { get; private init; }

    /// <summary>Whether a point is visible or hidden, if the file says so.</summary>
    public LabelState State { get; private init; } = LabelState.Labelled;

    /// <summary>Whether a model drew it: X-AnyLabeling keeps the score.</summary>
    public bool HasScore { get; private init; }

    /// <summary>Why the shape cannot be used, in words that follow its number, or null.</summary>
    public RowFault? Fault { get; private init; }

    /// <summary>Reads an item of <c>shapes</c>.</summary>
    public static LabelMeShape Read(JsonElement shape)
    {
        var read = new LabelMeShape(shape.FindText("label")?.Trim() ?? string.Empty)
        {
            Group = shape.FindId("group_id") is { Length: > 0 } group ? group : null,
            HasScore = shape.FindNumber("score") is not null,
        };
        return (shape.FindText("shape_type") ?? Polygon) switch
        {
            "point" => read.WithPoint(shape),
            "rectangle" => read.WithBox(shape),
            var other => read with { OtherKind = other },
        };
    }

    private LabelMeShape WithPoint(JsonElement shape)
    {
        if (KeypointName.FindProblem(Label) is { } problem)
            return Bad(RowProblemKind.Label, $"is a point, and its label {problem}. The label is the keypoint's name");
        return Corners(shape) is [var (x, y)]
            ? this with { Point = (x - HalfPixel, y - HalfPixel), State = StateOf(shape) }
            : Bad(RowProblemKind.NotANumber, "is a point and needs one pair of numbers, x and y, in points");
    }

    private LabelMeShape WithBox(JsonElement shape)
    {
        if (Corners(shape) is not { Length: 2 or 4 } corners)
            return Bad(RowProblemKind.Box, "is a rectangle and needs two or four pairs of numbers, x and y, in points");
        (double left, double top) = (corners.Min(corner => corner.X), corners.Min(corner => corner.Y));
        (double width, double height) = (corners.Max(corner => corner.X) - left, corners.Max(corner => corner.Y) - top);
        return width > 0 && height > 0
            ? this with { Box = new PictureBox(left, top, width, height) }
            : Bad(RowProblemKind.Box, "is a rectangle without width or height");
    }

    private LabelMeShape Bad(RowProblemKind kind, string text) => this with { Fault = new RowFault(kind, Column: null, text) };

    private static LabelState StateOf(JsonElement shape)
    {
        JsonValueKind?[] stated = [shape.Find("difficult")?.ValueKind, shape.Find("flags")?.Find("occluded")?.ValueKind];
        return stated.Contains(JsonValueKind.True) ? LabelState.Occluded
            : stated.Contains(JsonValueKind.False) ? LabelState.Visible
            : LabelState.Labelled;
    }

    /// <summary>Returns the pairs of numbers; null if one is no pair.</summary>
    private static (double X, double Y)[]? Corners(JsonElement shape)
    {
        if (shape.Find("points") is not { ValueKind: JsonValueKind.Array } list)
            return null;
        var corners = new List<(double X, double Y)>();
        foreach (JsonElement pair in list.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2
                || pair[0].AsNumber() is not (> -Largest and < Largest and var x) || pair[1].AsNumber() is not (> -Largest and < Largest and var y))
                return null;
            corners.Add((x, y));
        }

        return [.. corners];
    }
}
