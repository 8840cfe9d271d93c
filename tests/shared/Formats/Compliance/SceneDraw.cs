using System.Globalization;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>Draws scenes that a sample can express. The same seed gives the same scene.</summary>
internal static class SceneDraw
{
    /// <summary>Five keypoints of faces, with sides in the names.</summary>
    public static IReadOnlyList<string> FaceNames { get; } = ["left_eye", "right_eye", "nose_tip", "mouth_left", "mouth_right"];

    private static readonly (int Width, int Height)[] Sizes = [(100, 50), (64, 80), (120, 90)];

    /// <summary>Draws pictures with everything that the sample can express: missing keypoints, states and several instances.</summary>
    public static LabelScene Everything(LabelSample sample, int seed, int pictures = 6) => Draw(sample, seed, pictures, isComplete: false);

    /// <summary>Draws pictures with one complete instance each.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="pictures">Number of pictures.</param>
    /// <param name="names">Keypoint names if the sample does not fix them; null for <see cref="FaceNames"/>.</param>
    public static LabelScene Complete(LabelSample sample, int pictures, IReadOnlyList<string>? names = null) =>
        Draw(sample, seed: 1, pictures, isComplete: true, names);

    /// <summary>The file name of a picture. Names sort as their numbers do.</summary>
    public static string PictureName(int number) => string.Create(CultureInfo.InvariantCulture, $"face-{number:D6}.png");

    private static LabelScene Draw(LabelSample sample, int seed, int pictures, bool isComplete, IReadOnlyList<string>? names = null)
    {
        IReadOnlyList<string> keypoints = sample.FixedKeypoints ?? names ?? FaceNames;
        var random = new Random(seed);
        var drawn = new List<ScenePicture>(pictures);
        for (int number = 0; number < pictures; number++)
        {
            (int width, int height) = Sizes[number % Sizes.Length];
            int instances = !isComplete && sample.Traits.SeveralInstances ? random.Next(1, 4) : 1;
            drawn.Add(new ScenePicture(PictureName(number), width, height,
            [
                .. Enumerable.Range(0, instances).Select(_ => Instance(sample, random, keypoints, width, height, isComplete)),
            ]));
        }

        return new LabelScene(keypoints, drawn);
    }

    private static SceneInstance Instance(
        LabelSample sample, Random random, IReadOnlyList<string> keypoints, int width, int height, bool isComplete)
    {
        var points = new ScenePoint[keypoints.Count];
        for (int k = 0; k < points.Length; k++)
        {
            LabelState state = isComplete || k < 2 ? LabelState.Visible : State(sample, random);
            points[k] = state is LabelState.Visible or LabelState.Occluded
                ? new ScenePoint(X(sample, random, keypoints[k], width), Snap(sample, (0.2 + (0.6 * random.NextDouble())) * height), state)
                : new ScenePoint(double.NaN, double.NaN, state);
        }

        return new SceneInstance(points, BoxAround(points, width, height), $"person {random.Next(3)}");
    }

    /// <summary>The subject's left is on the right of an upright picture.</summary>
    private static double X(LabelSample sample, Random random, string name, int width)
    {
        double share = name switch
        {
            _ when name.Contains("left", StringComparison.OrdinalIgnoreCase) => 0.6,
            _ when name.Contains("right", StringComparison.OrdinalIgnoreCase) => 0.1,
            _ => 0.4,
        };
        return Snap(sample, (share + (0.2 * random.NextDouble())) * width);
    }

    private static LabelState State(LabelSample sample, Random random) => random.Next(8) switch
    {
        0 or 1 when sample.CanMiss => LabelState.Missing,
        2 when sample.CanMiss && sample.Traits.States => LabelState.Absent,
        3 or 4 when sample.Traits.States => LabelState.Occluded,
        _ => LabelState.Visible,
    };

    private static double Snap(LabelSample sample, double value) => Math.Round(value / sample.Step) * sample.Step;

    private static PictureBox BoxAround(ScenePoint[] points, int width, int height)
    {
        ScenePoint[] placed = [.. points.Where(point => point.IsPlaced)];
        double left = Math.Max(0, Math.Floor(placed.Min(point => point.X)) - 3);
        double top = Math.Max(0, Math.Floor(placed.Min(point => point.Y)) - 2);
        double right = Math.Min(width, Math.Ceiling(placed.Max(point => point.X)) + 4);
        double bottom = Math.Min(height, Math.Ceiling(placed.Max(point => point.Y)) + 3);
        return new PictureBox(left, top, right - left, bottom - top);
    }
}
