using System.Globalization;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Via;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Via;

/// <summary>VIA 2: one row per region, whole pixels, and attributes that name keypoint and face.</summary>
internal sealed class ViaSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new ViaFormat();

    /// <inheritdoc/>
    public override double Step => 1;

    /// <inheritdoc/>
    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var text = new StringBuilder("filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n");
        foreach (ScenePicture picture in scene.Pictures)
        {
            (object Shape, object Attributes)[] regions = [.. picture.Instances.SelectMany((instance, i) => Regions(scene, instance, $"{i + 1}"))];
            for (int i = 0; i < regions.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{Quote(picture.Name)},1234,{Quote("{}")},{regions.Length},{i},{Cell(regions[i].Shape)},{Cell(regions[i].Attributes)}\n");
            }
        }

        return [("via_export_csv.csv", text.ToString())];
    }

    private static IEnumerable<(object Shape, object Attributes)> Regions(LabelScene scene, SceneInstance instance, string face) =>
    [
        (new { name = "rect", x = instance.Box.Left, y = instance.Box.Top, width = instance.Box.Width, height = instance.Box.Height }, new { face, keypoint = "" }),
        .. instance.Points.Select((point, k) => (point, k)).Where(entry => entry.point.IsPlaced).Select(entry =>
            ((object)new { name = "point", cx = entry.point.X, cy = entry.point.Y }, (object)new { face, keypoint = scene.Keypoints[entry.k] })),
    ];

    private static string Cell(object value) => Quote(JsonSerializer.Serialize(value));

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
