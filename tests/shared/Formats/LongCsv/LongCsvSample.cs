using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.LongCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.LongCsv;

/// <summary>A table with one row per point, sorted by keypoint as a data frame is after melting: so the rows of a picture stand apart.</summary>
internal sealed class LongCsvSample : LabelSample
{
    public override ILabelFormat Format { get; } = new LongCsvFormat();

    public override string? GroupAsRead(ScenePicture picture, SceneInstance instance) => instance.Group;

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var text = new StringBuilder("image,keypoint,x,y,visibility,instance,group,xmin,ymin,xmax,ymax\n");
        for (int k = 0; k < scene.Keypoints.Count; k++)
        {
            foreach (ScenePicture picture in scene.Pictures)
            {
                for (int i = 0; i < picture.Instances.Count; i++)
                {
                    SceneInstance instance = picture.Instances[i];
                    ScenePoint point = instance.Points[k];
                    string place = point.IsPlaced ? Invariant($"{point.X},{point.Y},{(point.State == LabelState.Visible ? 2 : 1)}") : "NaN,NaN,0";
                    text.Append(Invariant($"{Quote(picture.Name)},{Quote(scene.Keypoints[k])},{place},{i},{instance.Group},"));
                    text.Append(Invariant($"{instance.Box.Left},{instance.Box.Top},{instance.Box.Left + instance.Box.Width},{instance.Box.Top + instance.Box.Height}\n"));
                }
            }
        }

        return [("points.csv", text.ToString())];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
