using System.Text.Json;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Coco;

/// <summary>Reads one annotation.</summary>
/// <param name="keypoints">The keypoints of the file. Those of a category without names are added as numbers from 0.</param>
internal sealed class CocoAnnotation(KeypointUnion keypoints)
{
    private const int BoxNumbers = 4;

    /// <summary>Indices of the keypoints that are named by their numbers.</summary>
    private int[] _numbered = [];

    /// <summary>The visibility of all points that were read.</summary>
    public VisibilityNumbers Visibility { get; } = new();

    /// <summary>The number of boxes without width or height.</summary>
    public int EmptyBoxes { get; private set; }

    /// <summary>Reads an annotation.</summary>
    /// <param name="row">Number of the annotation in the file, from 1.</param>
    /// <param name="annotation">The annotation.</param>
    /// <param name="category">Its category.</param>
    /// <returns>The instance, or null if the annotation is of something without keypoints.</returns>
    public LabelledInstance? Read(long row, JsonElement annotation, CocoCategory category)
    {
        JsonElement? list = annotation.Find("keypoints");
        int numbers = list is { ValueKind: JsonValueKind.Array } ? list.Value.GetArrayLength() : 0;
        if (numbers == 0 && category.Keypoints is null)
            return null;
        if (numbers % 3 != 0 || (numbers > 0 && category.Keypoints is not null && numbers != 3 * category.Keypoints.Length))
        {
            string expected = category.Keypoints is null ? "x, y and v for each keypoint" : $"{3 * category.Keypoints.Length:N0}, x, y and v for each keypoint of the category";
            return Bad(row, RowProblemKind.Label, "keypoints", $"has {numbers:N0} numbers. Expected {expected}.");
        }

        int[] indices = category.Keypoints ?? Numbered(numbers / 3);
        var instance = new LabelledInstance(row, new float[2 * keypoints.Names.Count]) { States = new LabelState[keypoints.Names.Count] };
        Array.Fill(instance.Points, float.NaN);
        if (numbers > 0 && ReadPoints(list!.Value, indices, ref instance) is { } fault)
            return Bad(row, fault.Kind, fault.Column, fault.Text);
        RestoreStates(annotation.FindText("keypoint_states"), indices, instance.States!);
        Visibility.Count(instance.States!);
        return Complete(annotation, instance);
    }

    private static LabelledInstance Bad(long row, RowProblemKind kind, string? column, string text) =>
        new(row, []) { Fault = new RowFault(kind, column, text) };

    /// <summary>States that <c>v</c> cannot express. If a person changed <c>v</c> afterwards, <c>v</c> counts.</summary>
    private void RestoreStates(string? digits, int[] indices, LabelState[] states)
    {
        if (digits?.Length != indices.Length)
            return;
        Visibility.IsKnown = true;
        for (int i = 0; i < indices.Length; i++)
        {
            ref LabelState state = ref states[indices[i]];
            state = (digits[i] - '0', state) switch
            {
                ((int)LabelState.Absent, LabelState.Missing) => LabelState.Absent,
                ((int)LabelState.Labelled, LabelState.Visible) => LabelState.Labelled,
                _ => state,
            };
        }
    }

    private RowFault? ReadPoints(JsonElement list, int[] indices, ref LabelledInstance instance)
    {
        Span<double> point = stackalloc double[3];
        int i = 0;
        foreach (JsonElement value in list.EnumerateArray())
        {
            (int k, int part) = (indices[i / 3], i % 3);
            i++;
            if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
                return new RowFault(RowProblemKind.NotANumber, "keypoints", $"number {i} is not a number.");
            point[part] = value.AsNumber() ?? double.NaN;
            if (part < 2)
                continue;
            LabelState state = VisibilityNumbers.StateOf(point[2]);
            if (state == LabelState.Missing || (double.IsNaN(point[0]) && double.IsNaN(point[1])))
                continue;
            if (double.IsNaN(point[0]) || double.IsNaN(point[1]))
            {
                instance = instance with { HalfLabel = instance.HalfLabel >= 0 ? instance.HalfLabel : k };
                continue;
            }

            (float x, float y) = ((float)point[0], (float)point[1]);
            if (!float.IsFinite(x) || !float.IsFinite(y))
                return new RowFault(RowProblemKind.Infinite, "keypoints", $"number {i - 2} or {i - 1} is too large for a coordinate.");
            (instance.Points[2 * k], instance.Points[(2 * k) + 1], instance.States![k]) = (x, y, state);
        }

        return null;
    }

    private int[] Numbered(int count)
    {
        if (count > _numbered.Length)
            _numbered = [.. Enumerable.Range(0, count).Select(k => keypoints.Add($"{k}", "annotations"))];
        return _numbered[..count];
    }

    private LabelledInstance Complete(JsonElement annotation, LabelledInstance instance)
    {
        instance = instance with
        {
            Group = annotation.FindText("group"),
            Id = annotation.FindText("instance"),
            Origin = annotation.FindText("origin") ?? Attribute("origin"),
            Checksum = annotation.FindText("checksum") ?? Attribute("checksum"),
        };
        if (annotation.Find("bbox") is not { } box || annotation.FindText("bbox_from") == CocoWriter.FromKeypoints)
            return instance;
        double?[] sides = box.ValueKind == JsonValueKind.Array ? [.. box.EnumerateArray().Take(BoxNumbers + 1).Select(side => side.AsNumber())] : [];
        if (sides is [])
            return instance;
        if (sides is not [double left, double top, double width, double height] || !sides.All(side => double.IsFinite(side!.Value)))
            return Bad(instance.Row, RowProblemKind.Box, "bbox", "is not left, top, width and height.");
        if (width > 0 && height > 0)
            return instance with { Box = new PictureBox(left, top, width, height, Rotation(annotation)) };
        EmptyBoxes++;
        return instance;

        string? Attribute(string name) => annotation.Find("attributes")?.FindText(name);
    }

    private static double Rotation(JsonElement annotation) =>
        annotation.Find("attributes")?.FindNumber("rotation") is double angle && double.IsFinite(angle) ? angle : 0;
}
