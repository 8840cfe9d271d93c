using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.PictureCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.PictureCsv;

/// <summary>A table with named columns, COCO's numbers for visibility, boxes and groups.</summary>
internal sealed class PictureCsvSample : LabelSample
{
    public override ILabelFormat Format { get; } = new PictureCsvFormat();

    public override bool StatesSize => true;

    public override string? GroupAsRead(ScenePicture picture, SceneInstance instance) => instance.Group;

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var text = new StringBuilder("filename,image_width,image_height,group,bbox_x,bbox_y,bbox_w,bbox_h");
        foreach (string name in scene.Keypoints)
            text.Append(Invariant($",{Quote(name + "_x")},{Quote(name + "_y")},{Quote(name + "_v")}"));
        text.Append('\n');
        foreach (ScenePicture picture in scene.Pictures)
        {
            foreach (SceneInstance instance in picture.Instances)
            {
                text.Append(Invariant($"{Quote(picture.Name)},{picture.Width},{picture.Height},{instance.Group},{instance.Box.Left},{instance.Box.Top},{instance.Box.Width},{instance.Box.Height}"));
                foreach (ScenePoint point in instance.Points)
                    text.Append(point.IsPlaced ? Invariant($",{point.X},{point.Y},{(point.State == LabelState.Visible ? 2 : 1)}") : ",,,0");
                text.Append('\n');
            }
        }

        return [("labels.csv", text.ToString())];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
