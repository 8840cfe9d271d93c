using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Demo.DrawnScenes;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>The predicted faces of drawn photos, compared with the drawn ones. <c>docs/measuring.md</c> says when a face counts as
/// found.</summary>
/// <param name="Faces">Number of drawn faces.</param>
/// <param name="Found">How many of them were found.</param>
/// <param name="Wrong">Number of predicted faces where none was drawn.</param>
/// <param name="MeanError">Mean distance between predicted and true keypoints of the found faces, in percent of the distance between the true
/// eye centres; null if none was found.</param>
public sealed record DemoScore(int Faces, int Found, int Wrong, double? MeanError)
{
    private static readonly List<string> Names = [.. DrawnFace.KeypointNames];
    private static readonly int LeftEye = Names.IndexOf("left_eye_center");
    private static readonly int RightEye = Names.IndexOf("right_eye_center");

    /// <summary>Compares predictions with the truth.</summary>
    /// <param name="predictions">The predicted faces, and photos that failed.</param>
    /// <param name="truth">The drawn photos.</param>
    public static DemoScore Of(IEnumerable<PredictedKeypoints> predictions, IReadOnlyList<DrawnScenePhoto> truth)
    {
        ILookup<string, PredictedKeypoints> byPhoto =
            predictions.Where(face => face.Keypoints is not null).ToLookup(face => face.Image, StringComparer.Ordinal);
        int wrong = 0;
        var errors = new List<double>();
        foreach (DrawnScenePhoto photo in truth)
        {
            float[][] predicted = [.. byPhoto[photo.FileName].Select(face => Coordinates(Names.Select(face.Point)))];
            int[] matches = InstanceMatching.Match(predicted, [.. photo.Faces.Select(face => Coordinates(face.Select(point => (SKPoint?)point)))]);
            errors.AddRange(matches.Zip(photo.Faces).Where(pair => pair.First >= 0).Select(pair => Error(predicted[pair.First], pair.Second)));
            wrong += predicted.Length - matches.Count(match => match >= 0);
        }

        return new DemoScore(truth.Sum(photo => photo.Faces.Count), errors.Count, wrong, errors.Count == 0 ? null : errors.Average());
    }

    private static float[] Coordinates(IEnumerable<SKPoint?> points) =>
        [.. points.SelectMany(point => (float[])[point?.X ?? float.NaN, point?.Y ?? float.NaN])];

    /// <summary>The mean error of the predicted keypoints of a face, in percent of the distance between the eyes.</summary>
    private static double Error(float[] predicted, IReadOnlyList<SKPoint> face) =>
        100 * face.Select((point, k) => (double)SKPoint.Distance(new SKPoint(predicted[2 * k], predicted[(2 * k) + 1]), point)).Where(double.IsFinite).Average()
            / SKPoint.Distance(face[LeftEye], face[RightEye]);
}
