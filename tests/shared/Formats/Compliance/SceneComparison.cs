using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Compares labels that were read with the scene that was written.</summary>
internal static class SceneComparison
{
    /// <summary>Fails at the first difference that the sample does not announce.</summary>
    public static void AssertSame(LabelSample sample, LabelScene scene, ReadLabels read)
    {
        Assert.Equal(scene.Keypoints, read.Keypoints);
        Assert.Equal(scene.Pictures.Count, read.Pictures.Count);
        foreach ((ScenePicture expected, LabelledPicture picture) in scene.Pictures.Zip(read.Pictures))
            AssertSame(sample, scene.Keypoints, expected, picture);
    }

    private static void AssertSame(LabelSample sample, IReadOnlyList<string> keypoints, ScenePicture expected, LabelledPicture picture)
    {
        Assert.True(
            IsPathOf(picture.Path, expected.Name) || IsPathOf(picture.OtherPath, expected.Name),
            $"The picture {expected.Name} is called '{picture.Path}' or '{picture.OtherPath}'.");
        if (sample.StatesSize)
            Assert.Equal((expected.Width, expected.Height), picture.StatedSize);
        Assert.Equal(expected.Instances.Count, picture.Instances.Count);
        foreach ((SceneInstance written, LabelledInstance instance) in expected.Instances.Zip(picture.Instances))
        {
            string place = $"{expected.Name}, row {instance.Row}";
            Assert.True(instance.Fault is null, $"{place}: {instance.Fault?.Text}");
            AssertPoints(sample, keypoints, expected, written, picture.IsRelative, instance, place);
            AssertBox(sample.BoxAsRead(written), picture.IsRelative ? Pixels(instance.Box, expected) : instance.Box, sample.Tolerance, place);
            Assert.Equal(sample.GroupAsRead(expected, written), instance.Group);
        }
    }

    private static bool IsPathOf(string? path, string name) =>
        path is not null && (path == name || path.Replace('\\', '/').EndsWith($"/{name}", StringComparison.Ordinal));

    private static void AssertPoints(
        LabelSample sample, IReadOnlyList<string> keypoints, ScenePicture picture, SceneInstance written, bool isRelative, LabelledInstance instance, string place)
    {
        Assert.Equal(2 * keypoints.Count, instance.Points.Length);
        for (int k = 0; k < keypoints.Count; k++)
        {
            ScenePoint expected = written.Points[k];
            (double x, double y) = (instance.Points[2 * k], instance.Points[(2 * k) + 1]);
            if (isRelative)
                (x, y) = ((x * picture.Width) - 0.5, (y * picture.Height) - 0.5);
            bool isSame = expected.IsPlaced
                ? Math.Abs(x - expected.X) <= sample.Tolerance && Math.Abs(y - expected.Y) <= sample.Tolerance
                : double.IsNaN(x) && double.IsNaN(y);
            Assert.True(isSame, $"{place}, {keypoints[k]}: ({x}, {y}), expected ({expected.X}, {expected.Y})");
            LabelState state = instance.States?[k] ?? (double.IsNaN(x) ? LabelState.Missing : LabelState.Labelled);
            Assert.True(
                state == sample.StateAsRead(expected.State), $"{place}, {keypoints[k]}: {state}, expected {sample.StateAsRead(expected.State)}");
        }
    }

    private static PictureBox? Pixels(PictureBox? box, ScenePicture picture) => box is null
        ? null
        : new PictureBox(box.Left * picture.Width, box.Top * picture.Height, box.Width * picture.Width, box.Height * picture.Height, box.Angle);

    private static void AssertBox(PictureBox? expected, PictureBox? box, double tolerance, string place)
    {
        if (expected is null || box is null)
        {
            Assert.True(expected == box, $"{place}: box {box}, expected {expected}");
            return;
        }

        double[] differences = [box.Left - expected.Left, box.Top - expected.Top, box.Width - expected.Width, box.Height - expected.Height, box.Angle - expected.Angle];
        Assert.True(differences.All(difference => Math.Abs(difference) <= tolerance), $"{place}: box {box}, expected {expected}");
    }
}
