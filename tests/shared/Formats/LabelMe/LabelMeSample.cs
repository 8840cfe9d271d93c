using System.Text.Json;
using KeypointPipeline.Formats.LabelMe;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.LabelMe;

/// <summary>LabelMe: a file beside each picture, rectangles as two opposite corners, and coordinates from the picture's edges.</summary>
internal sealed class LabelMeSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new LabelMeFormat();

    /// <inheritdoc/>
    public override LabelFormatTraits Traits => Format.Traits with { States = false };

    /// <inheritdoc/>
    public override bool StatesSize => true;

    /// <inheritdoc/>
    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) => scene.Pictures.Select(picture => (
        $"{picture.Name.Replace(".png", "", StringComparison.Ordinal)}.json",
        JsonSerializer.Serialize(new
        {
            version = "5.5.0",
            flags = new { },
            shapes = picture.Instances.SelectMany((instance, i) => Shapes(scene, instance, i + 1)),
            imagePath = picture.Name,
            imageData = (string?)null,
            imageHeight = picture.Height,
            imageWidth = picture.Width,
        })));

    private static IEnumerable<object> Shapes(LabelScene scene, SceneInstance instance, int group) =>
    [
        Shape("face", group, "rectangle", [[instance.Box.Left + instance.Box.Width, instance.Box.Top], [instance.Box.Left, instance.Box.Top + instance.Box.Height]]),
        .. instance.Points.Select((point, k) => (point, k)).Where(entry => entry.point.IsPlaced)
            .Select(entry => Shape(scene.Keypoints[entry.k], group, "point", [[entry.point.X + 0.5, entry.point.Y + 0.5]])),
    ];

    private static object Shape(string label, int group, string kind, double[][] points) =>
        new { label, points, group_id = group, description = "", shape_type = kind, flags = new { }, mask = (string?)null };
}
