using System.Globalization;
using KeypointPipeline.Formats.CelebA;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.CelebA;

/// <summary>CelebA's landmarks as Kaggle has them: a table, and the viewer's left and right.</summary>
internal class CelebaSample : LabelSample
{
    /// <summary>The columns, each with the subject's name of its point: <c>lefteye</c> is the eye that the viewer sees on the left.</summary>
    private static readonly (string Column, string Keypoint)[] Columns =
    [
        ("lefteye", "right_eye"), ("righteye", "left_eye"), ("nose", "nose"), ("leftmouth", "right_mouth"), ("rightmouth", "left_mouth"),
    ];

    public override ILabelFormat Format { get; } = new CelebaFormat();

    public override IReadOnlyList<string> FixedKeypoints => [.. Columns.Select(column => column.Keypoint)];

    public override bool CanMiss => false;

    public override double Step => 1;

    protected static IEnumerable<string> Axes => Columns.SelectMany(column => new[] { $"{column.Column}_x", $"{column.Column}_y" });

    public override string PicturePath(string name) => $"img_align_celeba/img_align_celeba/{name}";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) =>
        [("list_landmarks_align_celeba.csv", $"image_id,{string.Join(',', Axes)}\n{string.Concat(scene.Pictures.Select(picture => $"{picture.Name},{string.Join(',', Points(scene, picture))}\n"))}")];

    protected static IEnumerable<string> Points(LabelScene scene, ScenePicture picture) => Columns
        .Select(column => picture.Instances[0].Points[scene.Keypoints.ToList().IndexOf(column.Keypoint)])
        .SelectMany(point => new[] { point.X, point.Y })
        .Select(value => value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The text file of CelebA's authors. It names JPEG files; the aligned pictures are PNG files.</summary>
internal sealed class CelebaTextSample : CelebaSample
{
    public override string Variant => "text";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        IEnumerable<string> rows = scene.Pictures.Select(picture => $"{picture.Name.Replace(".png", ".jpg", StringComparison.Ordinal)} {string.Join("  ", Points(scene, picture))}\n");
        return [("Anno/list_landmarks_align_celeba.txt", $"{scene.Pictures.Count}\n{string.Join(' ', Axes)} \n{string.Concat(rows)}")];
    }
}
