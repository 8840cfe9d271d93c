namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>An entry over its seeds.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Network">Its network.</param>
/// <param name="TrainingRows">Rows it learned from.</param>
/// <param name="Seeds">Runs.</param>
/// <param name="Rmse">Of the exported model, frame pixels.</param>
/// <param name="Nme">Of the exported model, share of the distance between the eyes; null where the schema has no eye centres.</param>
/// <param name="FinalRmse">After the last epoch, frame pixels: what it would be without choosing among epochs.</param>
/// <param name="SquaredErrorRatio">The pioneer's mean squared error by this one's, each the mean over seeds; null without a
/// pioneer.</param>
/// <param name="ToPioneersBest">What it took to reach the pioneer's best error; null where a seed never did, or without a
/// pioneer.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="OnnxBytes">Size of the exported file.</param>
/// <param name="MillisecondsPerImage">Prediction, all cores.</param>
/// <param name="RmsePerKeypoint">As <paramref name="Rmse"/>, means over seeds.</param>
internal sealed record EntrySummary(
    string Entry,
    string Description,
    string Network,
    int TrainingRows,
    int Seeds,
    Spread Rmse,
    Spread? Nme,
    Spread FinalRmse,
    double? SquaredErrorRatio,
    Reaching? ToPioneersBest,
    Spread Epochs,
    Spread Seconds,
    long Parameters,
    long OnnxBytes,
    Spread MillisecondsPerImage,
    IReadOnlyDictionary<string, double?> RmsePerKeypoint);

/// <summary>A figure over seeds.</summary>
internal sealed record Spread(double Mean, double Lowest, double Highest)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new Spread(all.Average(), all.Min(), all.Max());
    }
}

/// <summary>What it took to reach an error: means over seeds.</summary>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Images">Training images seen.</param>
/// <param name="ShareOfPioneer">Those seconds by the pioneer's own.</param>
internal sealed record Reaching(double Seconds, double Images, double ShareOfPioneer);
