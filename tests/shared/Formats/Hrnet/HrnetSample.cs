using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.Hrnet;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Hrnet;

/// <summary>HRNet's table of WFLW beside the folder <c>images</c>. Missing points are 0, 0.</summary>
internal sealed class HrnetSample : LabelSample
{
    public override ILabelFormat Format { get; } = new HrnetFormat();

    public override IReadOnlyList<string> FixedKeypoints => ["0", "1", "2", "3", "4"];

    public override string PicturePath(string name) => $"images/{name}";

    /// <summary>The square that HRNet's datasets crop: scale · 1.25 · 200 around the centre.</summary>
    public override PictureBox BoxAsRead(SceneInstance instance)
    {
        double side = 1.25 * Math.Max(instance.Box.Width, instance.Box.Height);
        return new PictureBox(instance.Box.Left + (instance.Box.Width / 2) - (side / 2), instance.Box.Top + (instance.Box.Height / 2) - (side / 2), side, side);
    }

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var text = new StringBuilder("image_name,scale,center_w,center_h");
        for (int k = 0; k < scene.Keypoints.Count; k++)
            text.Append(CultureInfo.InvariantCulture, $",original_{k}_x,original_{k}_y");
        text.Append('\n');
        foreach (ScenePicture picture in scene.Pictures)
        {
            foreach (SceneInstance instance in picture.Instances)
            {
                PictureBox box = instance.Box;
                text.Append(CultureInfo.InvariantCulture, $"\"{picture.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{Math.Max(box.Width, box.Height) / 200},{box.Left + (box.Width / 2)},{box.Top + (box.Height / 2)}");
                foreach (ScenePoint point in instance.Points)
                    text.Append(CultureInfo.InvariantCulture, $",{(point.IsPlaced ? point.X : 0)},{(point.IsPlaced ? point.Y : 0)}");
                text.Append('\n');
            }
        }

        return [("face_landmarks_wflw_train.csv", text.ToString())];
    }
}
