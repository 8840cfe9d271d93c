using System.Text.Json;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;

namespace KeypointPipeline.Formats.LabelMe;

/// <summary>The content of one file.</summary>
/// <param name="Shapes">The points and rectangles, in the order of the file.</param>
internal sealed record LabelMeFile(IReadOnlyList<LabelMeShape> Shapes)
{
    /// <summary>The member with the shapes.</summary>
    public const string ShapesMember = "shapes";

    /// <summary>The picture's path as the file states it. It is untrusted, and empty if the file states none.</summary>
    public string Picture { get; private init; } = string.Empty;

    /// <summary>The picture's size in pixels as the file states it, or null.</summary>
    public (int Width, int Height)? Size { get; private init; }

    /// <summary>The kinds of the shapes that are left out.</summary>
    public IReadOnlyList<string> OtherShapes { get; private init; } = [];

    /// <summary>Whether the file is JSON of something else: it has no shapes.</summary>
    public bool IsOther { get; private init; }

    /// <summary>Why the file cannot be used, or null.</summary>
    public RowFault? Fault { get; private init; }

    /// <summary>A file that cannot be read.</summary>
    /// <param name="problem">Why, in words that follow the file's name.</param>
    public static LabelMeFile Bad(string problem) => new([]) { Fault = new RowFault(RowProblemKind.Label, Column: null, $"The label file {problem.TrimEnd('.')}.") };

    /// <summary>Reads a file.</summary>
    /// <param name="json">Its bytes, with or without embedded pictures.</param>
    public static LabelMeFile Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || json.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Bad("is JSON in UTF-16. Save it as UTF-8");
        try
        {
            using JsonDocument document = new JsonPiece(Member: "", Name: "", Number: 1, json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json).Parse();
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return Bad($"is not valid JSON at line {(e.LineNumber ?? 0) + 1:N0}. It may be cut off, or contain NaN, which JSON lacks");
        }
    }

    private static LabelMeFile Read(JsonElement root)
    {
        if (root.Find(ShapesMember) is not { ValueKind: JsonValueKind.Array } list)
            return new LabelMeFile([]) { IsOther = true };
        var shapes = new List<LabelMeShape>();
        var others = new List<string>();
        RowFault? fault = null;
        int number = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            number++;
            var shape = LabelMeShape.Read(element);
            if (shape.Fault is { } problem)
                fault ??= problem with { Text = $"shape {number:N0} {problem.Text}" };
            else if (shape.OtherKind is { } kind)
                others.Add(kind);
            else
                shapes.Add(shape);
        }

        return new LabelMeFile(shapes)
        {
            Picture = root.FindText("imagePath")?.Trim() ?? string.Empty,
            Size = (root.FindNumber("imageWidth"), root.FindNumber("imageHeight")) is ( >= 1 and <= int.MaxValue and var width, >= 1 and <= int.MaxValue and var height)
                ? ((int)width, (int)height)
                : null,
            OtherShapes = others,
            Fault = fault,
        };
    }
}
