using System.Text.Json;
using KeypointPipeline.Formats.LabelStudio;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.LabelStudio;

/// <summary>What Label Studio's exports have in common: percent of the picture, measured at its edges.</summary>
internal abstract class LabelStudioSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new LabelStudioFormat();

    /// <inheritdoc/>
    public override bool StatesSize => true;

    /// <summary>The address of an uploaded picture.</summary>
    protected static string Address(string name) => $"/data/upload/3/1a2b3c4d-{name}";

    /// <summary>The members of a point.</summary>
    protected static Dictionary<string, object> Point(LabelScene scene, ScenePicture picture, SceneInstance instance, int k) => new()
    {
        ["x"] = 100 * (instance.Points[k].X + 0.5) / picture.Width,
        ["y"] = 100 * (instance.Points[k].Y + 0.5) / picture.Height,
        ["width"] = 0.4,
        ["keypointlabels"] = new[] { scene.Keypoints[k] },
    };

    /// <summary>The members of a rectangle.</summary>
    protected static Dictionary<string, object> Box(ScenePicture picture, SceneInstance instance) => new()
    {
        ["x"] = 100 * instance.Box.Left / picture.Width,
        ["y"] = 100 * instance.Box.Top / picture.Height,
        ["width"] = 100 * instance.Box.Width / picture.Width,
        ["height"] = 100 * instance.Box.Height / picture.Height,
        ["rotation"] = 0,
        ["rectanglelabels"] = new[] { "face" },
    };

    /// <summary>Indices of the points that have a position.</summary>
    protected static IEnumerable<int> Placed(SceneInstance instance) => Enumerable.Range(0, instance.Points.Count).Where(k => instance.Points[k].IsPlaced);
}

/// <summary>The full export: points name their rectangle.</summary>
internal sealed class LabelStudioJsonSample : LabelStudioSample
{
    public override string Variant => "JSON";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
        [("project-3.json", JsonSerializer.Serialize(scene.Pictures.Select((picture, i) => Task(scene, picture, i))))];

    private static object Task(LabelScene scene, ScenePicture picture, int number) => new
    {
        id = number,
        annotations = new[] { new { id = 100 + number, completed_by = 1, was_cancelled = false, result = Results(scene, picture), created_at = "2024-05-01T10:00:00Z" } },
        predictions = Array.Empty<object>(),
        data = new { image = Address(picture.Name) },
    };

    private static object[] Results(LabelScene scene, ScenePicture picture) =>
    [
        .. picture.Instances.SelectMany((instance, i) => (object[])
        [
            Result(picture, Box(picture, instance), "rectanglelabels", $"box{i}", parent: null),
            .. Placed(instance).Select(k => Result(picture, Point(scene, picture, instance, k), "keypointlabels", $"point{i}-{k}", $"box{i}")),
        ]),
    ];

    private static object Result(ScenePicture picture, object value, string type, string id, string? parent) => new
    {
        original_width = picture.Width,
        original_height = picture.Height,
        image_rotation = 0,
        value,
        id,
        from_name = "kp",
        to_name = "image",
        type,
        parentID = parent,
    };
}

/// <summary>JSON-MIN: one item per annotation, a list per tag.</summary>
internal sealed class LabelStudioMinimalSample : LabelStudioSample
{
    public override string Variant => "JSON-MIN";

    public override LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: false, Writes: false);

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
        [("export.json", JsonSerializer.Serialize(scene.Pictures.Select((picture, i) => Item(scene, picture, i))))];

    /// <summary>The members of an item. The table has them as columns.</summary>
    public static Dictionary<string, object> Item(LabelScene scene, ScenePicture picture, int number) => new()
    {
        ["annotation_id"] = number,
        ["annotator"] = "ann@example.org",
        ["box"] = new[] { WithSize(Box(picture, picture.Instances[0]), picture) },
        ["created_at"] = "2024-05-01T10:00:00Z",
        ["id"] = number,
        ["image"] = Address(picture.Name),
        ["kp"] = Placed(picture.Instances[0]).Select(k => WithSize(Point(scene, picture, picture.Instances[0], k), picture)).ToArray(),
        ["lead_time"] = 12.5,
    };

    private static Dictionary<string, object> WithSize(Dictionary<string, object> value, ScenePicture picture)
    {
        (value["original_width"], value["original_height"]) = (picture.Width, picture.Height);
        return value;
    }
}

/// <summary>CSV: the same members as columns, with JSON in the cells.</summary>
internal sealed class LabelStudioCsvSample : LabelStudioSample
{
    public override string Variant => "CSV";

    public override LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: false, Writes: false);

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        Dictionary<string, object>[] rows = [.. scene.Pictures.Select((picture, i) => LabelStudioMinimalSample.Item(scene, picture, i))];
        string header = string.Join(',', rows[0].Keys.Select(name => $"\"{name}\""));
        return [("project-3.csv", header + "\n" + string.Concat(rows.Select(row => string.Join(',', row.Values.Select(Cell)) + "\n")))];
    }

    private static string Cell(object value) => value switch
    {
        string text => Quote(text),
        Array list => Quote(JsonSerializer.Serialize(list)),
        _ => JsonSerializer.Serialize(value),
    };

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
