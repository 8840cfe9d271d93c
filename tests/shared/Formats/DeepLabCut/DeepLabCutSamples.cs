using System.Globalization;
using KeypointPipeline.Formats.DeepLabCut;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.DeepLabCut;

/// <summary>What DeepLabCut's tables have in common: a column per coordinate, and empty fields for points that nobody labelled.</summary>
internal abstract class DeepLabCutSample : LabelSample
{
    protected const string Folder = "labeled-data/video1";

    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new DeepLabCutFormat();

    /// <inheritdoc/>
    public override string PicturePath(string name) => $"{Folder}/{name}";

    /// <summary>Joins header lines and rows.</summary>
    protected static string Table(params IEnumerable<IEnumerable<string>> lines) => string.Concat(lines.Select(line => string.Join(',', line.Select(Quote)) + "\n"));

    /// <summary>The fields of a position.</summary>
    protected static string[] Position(ScenePoint? point) => point is { IsPlaced: true } ? [Number(point.X), Number(point.Y)] : ["", ""];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>One animal: three header rows, and the path in one column.</summary>
internal sealed class OneAnimalSample : DeepLabCutSample
{
    public override string Variant => "one animal";

    public override LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: false, Writes: false);

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
    [
        ($"{Folder}/CollectedData_lab.csv", Table(
        [
            ["scorer", .. scene.Keypoints.SelectMany(_ => new[] { "lab", "lab" })],
            ["bodyparts", .. scene.Keypoints.SelectMany(name => new[] { name, name })],
            ["coords", .. scene.Keypoints.SelectMany(_ => new[] { "x", "y" })],
            .. scene.Pictures.Select(picture => (IEnumerable<string>)[PicturePath(picture.Name), .. picture.Instances[0].Points.SelectMany(Position)]),
        ])),
    ];
}

/// <summary>Several animals: four header rows, and the path in three columns.</summary>
internal sealed class SeveralAnimalsSample : DeepLabCutSample
{
    private const int Animals = 3;

    public override string Variant => "several animals";

    public override LabelFormatTraits Traits => new(States: false, Boxes: false, SeveralInstances: true, Writes: false);

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        (int Animal, string Name)[] columns = [.. Enumerable.Range(0, Animals).SelectMany(animal => scene.Keypoints.SelectMany(name => new[] { (animal, name), (animal, name) }))];
        return
        [
            ($"{Folder}/CollectedData_lab.csv", Table(
            [
                ["scorer", "", "", .. columns.Select(_ => "lab")],
                ["individuals", "", "", .. columns.Select(column => $"mouse{column.Animal}")],
                ["bodyparts", "", "", .. columns.Select(column => column.Name)],
                ["coords", "", "", .. columns.Select((_, i) => i % 2 == 0 ? "x" : "y")],
                .. scene.Pictures.Select(picture => (IEnumerable<string>)["labeled-data", "video1", picture.Name, .. Fields(scene, picture)]),
            ])),
        ];
    }

    private static IEnumerable<string> Fields(LabelScene scene, ScenePicture picture) => Enumerable.Range(0, Animals).SelectMany(animal =>
        scene.Keypoints.SelectMany((_, k) => Position(animal < picture.Instances.Count ? picture.Instances[animal].Points[k] : null)));
}

/// <summary>Lightning Pose: one table at the root, with a column for the visibility.</summary>
internal sealed class LightningPoseSample : DeepLabCutSample
{
    public override string Variant => "Lightning Pose";

    public override LabelFormatTraits Traits => new(States: true, Boxes: false, SeveralInstances: false, Writes: false);

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
    [
        ("CollectedData.csv", Table(
        [
            ["scorer", .. scene.Keypoints.SelectMany(_ => new[] { "lab", "lab", "lab" })],
            ["bodyparts", .. scene.Keypoints.SelectMany(name => new[] { name, name, name })],
            ["coords", .. scene.Keypoints.SelectMany(_ => new[] { "x", "y", "visible" })],
            .. scene.Pictures.Select(picture => (IEnumerable<string>)[PicturePath(picture.Name), .. picture.Instances[0].Points.SelectMany(Fields)]),
        ])),
    ];

    private static string[] Fields(ScenePoint point) =>
        [.. Position(point), point.State switch { LabelState.Visible => "2", LabelState.Occluded => "1", _ => "0" }];
}
