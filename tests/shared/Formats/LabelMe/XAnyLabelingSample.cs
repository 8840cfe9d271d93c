using System.Text.Json;
using KeypointPipeline.Formats.LabelMe;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.LabelMe;

/// <summary>X-AnyLabeling on Windows, with the files in a folder of their own: rectangles as four corners, hidden points that are difficult, and
/// numbers as labels.</summary>
internal sealed class XAnyLabelingSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new LabelMeFormat();

    /// <inheritdoc/>
    public override string Variant => "X-AnyLabeling";

    /// <inheritdoc/>
    public override IReadOnlyList<string> FixedKeypoints => ["0", "1", "2", "3", "4"];

    /// <inheritdoc/>
    public override bool StatesSize => true;

    /// <inheritdoc/>
    public override string PicturePath(string name) => $"images/{name}";

    /// <inheritdoc/>
    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) => scene.Pictures.Select(picture => (
        $"labels/{picture.Name.Replace(".png", "", StringComparison.Ordinal)}.json",
        JsonSerializer.Serialize(new
        {
            version = "2.4.0",
            flags = new { },
            @checked = false,
            shapes = picture.Instances.SelectMany((instance, i) => Shapes(scene, instance, i)),
            imagePath = $"..\\images\\{picture.Name}",
            imageData = (string?)null,
            imageHeight = picture.Height,
            imageWidth = picture.Width,
            description = "",
        })));

    private static IEnumerable<object> Shapes(LabelScene scene, SceneInstance instance, int group)
    {
        (double left, double top, double right, double bottom) =
            (instance.Box.Left, instance.Box.Top, instance.Box.Left + instance.Box.Width, instance.Box.Top + instance.Box.Height);
        return
        [
            Shape("face", group, "rectangle", isDifficult: false, [[left, top], [right, top], [right, bottom], [left, bottom]]),
            .. instance.Points.Select((point, k) => (point, k)).Where(entry => entry.point.IsPlaced).Select(entry => Shape(
                scene.Keypoints[entry.k], group, "point", entry.point.State == LabelState.Occluded, [[entry.point.X + 0.5, entry.point.Y + 0.5]])),
        ];
    }

    private static object Shape(string label, int group, string kind, bool isDifficult, double[][] points) => new
    {
        label,
        score = (double?)null,
        points,
        group_id = group,
        description = (string?)null,
        difficult = isDifficult,
        shape_type = kind,
        flags = new { },
        attributes = new { },
        kie_linking = Array.Empty<int>(),
    };
}
