using System.Globalization;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Yolo;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Yolo;

/// <summary>A YOLO-pose dataset as Ultralytics describes it, with visibility.</summary>
internal class YoloSample : LabelSample
{
    private static readonly string[][] Sides = [["left", "right"], ["right", "left"]];

    public override ILabelFormat Format { get; } = new YoloFormat();

    public override string Variant => "with visibility";

    public override double Tolerance => 0.01;

    protected virtual int Dimensions => 3;

    public override bool NamesPictures => false;

    public override string PicturePath(string name) => $"images/train/{name}";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        yield return ("data.yaml", Description(scene));
        foreach (ScenePicture picture in scene.Pictures)
            yield return ($"labels/train/{Path.GetFileNameWithoutExtension(picture.Name)}.txt", string.Concat(picture.Instances.Select(instance => Line(picture, instance))));
    }

    protected virtual string Paths => "path: ../datasets/faces  # dataset root dir\ntrain: images/train\nval: images/train\ntest:\n";

    private static int Partner(IReadOnlyList<string> names, int k)
    {
        IEnumerable<string> others = Sides.Select(side => names[k].Replace(side[0], side[1], StringComparison.OrdinalIgnoreCase));
        int found = Enumerable.Range(0, names.Count).FirstOrDefault(other => other != k && others.Contains(names[other], StringComparer.OrdinalIgnoreCase), -1);
        return found < 0 ? k : found;
    }

    private string Description(LabelScene scene) => Paths + $"""

        # Keypoints
        kpt_shape: [{scene.Keypoints.Count}, {Dimensions}]  # number of keypoints, number of dims
        flip_idx: [{string.Join(", ", scene.Keypoints.Select((_, k) => Partner(scene.Keypoints, k)))}]

        names:
          0: face
        kpt_names:
          0: {JsonSerializer.Serialize(scene.Keypoints)}
        """;

    private string Line(ScenePicture picture, SceneInstance instance)
    {
        var line = new StringBuilder("0");
        Append(instance.Box.Left + (instance.Box.Width / 2), picture.Width);
        Append(instance.Box.Top + (instance.Box.Height / 2), picture.Height);
        Append(instance.Box.Width, picture.Width);
        Append(instance.Box.Height, picture.Height);
        foreach (ScenePoint point in instance.Points)
        {
            Append(point.IsPlaced ? point.X + 0.5 : 0, picture.Width);
            Append(point.IsPlaced ? point.Y + 0.5 : 0, picture.Height);
            if (Dimensions == 3)
                line.Append(point.State switch { LabelState.Visible => " 2", LabelState.Occluded => " 1", _ => " 0" });
        }

        return line.Append('\n').ToString();

        void Append(double pixels, int side) => line.Append(CultureInfo.InvariantCulture, $" {pixels / side:F6}");
    }
}

/// <summary>A YOLO-pose dataset without visibility, and with a list of its pictures.</summary>
internal sealed class YoloWithoutVisibilitySample : YoloSample
{
    public override string Variant => "without visibility";

    public override LabelFormatTraits Traits { get; } = new(States: false, Boxes: true, SeveralInstances: true, Writes: true);

    protected override int Dimensions => 2;

    protected override string Paths => "train: train.txt\nval: train.txt\n";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
        base.Write(scene).Append(("train.txt", string.Concat(scene.Pictures.Select(picture => $"./images/train/{picture.Name}\n"))));
}
