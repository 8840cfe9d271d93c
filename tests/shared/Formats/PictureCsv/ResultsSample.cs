using System.Globalization;
using System.Text;
using KeypointPipeline.Formats.PictureCsv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.PictureCsv;

/// <summary>This product's <c>keypoints.csv</c> after a person has corrected it: a picture without a face is between the others.</summary>
internal sealed class ResultsSample : LabelSample
{
    public override ILabelFormat Format { get; } = new PictureCsvFormat();

    public override string Variant => "keypoints.csv";

    public override LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    public override bool StatesSize => true;

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        var text = new StringBuilder("image,width,height,status");
        foreach (string name in scene.Keypoints)
            text.Append(CultureInfo.InvariantCulture, $",\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}_x\",\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}_y\"");
        text.Append(",face,instance,box_x,box_y,box_width,box_height,angle,origin,checksum\r\n");
        foreach (ScenePicture picture in scene.Pictures)
        {
            text.Append(CultureInfo.InvariantCulture, $"empty-{picture.Width}.png,{picture.Width},{picture.Height},failed{new string(',', (2 * scene.Keypoints.Count) + 9)}\r\n");
            for (int i = 0; i < picture.Instances.Count; i++)
            {
                SceneInstance instance = picture.Instances[i];
                text.Append(CultureInfo.InvariantCulture, $"\"{picture.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{picture.Width},{picture.Height},ok");
                foreach (ScenePoint point in instance.Points)
                    text.Append(point.IsPlaced ? string.Create(CultureInfo.InvariantCulture, $",{point.X:0.000},{point.Y:0.000}") : ",,");
                text.Append(CultureInfo.InvariantCulture, $",{i + 1},0123456789abcdef-{i + 1},{instance.Box.Left:0.000},{instance.Box.Top:0.000},{instance.Box.Width:0.000},{instance.Box.Height:0.000},0.000,,\r\n");
            }
        }

        return [("keypoints.csv", text.ToString())];
    }
}
