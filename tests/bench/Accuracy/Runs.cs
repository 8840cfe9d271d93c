using KeypointPipeline.Bench.Accuracy;
using KeypointPipeline.Evaluation;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Tests.Accuracy;

/// <summary>Made-up runs of a comparison.</summary>
internal static class Runs
{
    public static RunPlan Plan { get; } = new(Seconds: 100, Seeds: 2, "learned", "measured", "cpu", ScalarType.Float32);

    public static AccuracyEntry Entry(string name) => AccuracyEntries.Choose([name])[0];

    public static AccuracyRun Of(string entry, int seed, double rmse, params CurvePoint[] curve) => new(
        entry,
        Plan.SettingsOf(Entry(entry), seed),
        TrainingRows: 1_000,
        Epochs: 10,
        TrainingSeconds: 100.5,
        MirroredRmse: Math.Round(curve.Min(point => point.Rmse) - 0.1, 9),
        curve,
        new EvaluationResult(
            Images: 1, LabelledPoints: 2, rmse, MeanPixelError: rmse, Nme: rmse / 40, NmeImages: 1,
            new Dictionary<string, double?>(StringComparer.Ordinal) { ["nose_tip"] = rmse, ["left_brow"] = null }),
        Parameters: 1_234,
        OnnxBytes: 2_048,
        MillisecondsPerImage: 0.5,
        Machine: "a machine",
        Code: "1.0.0",
        new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero));

    /// <summary>A curve with measurements after 10, 20, … seconds and a hundred times as many images.</summary>
    public static CurvePoint[] Curve(params double[] errors) =>
        [.. errors.Select((error, i) => new CurvePoint(i + 1, 10 * (i + 1), 1_000 * (i + 1), error))];
}
