namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The figures of an entry over its seeds.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Network">Its network.</param>
/// <param name="TrainingRows">Rows it learned from.</param>
/// <param name="Seeds">Number of runs.</param>
/// <param name="Rmse">Error of the exported model, frame pixels.</param>
/// <param name="Nme">The same as a share of the distance between the eyes; null if the schema has no eye centres.</param>
/// <param name="FinalRmse">Error of the final epoch's model, without choosing the best one, frame pixels.</param>
/// <param name="SquaredErrorRatio">The pioneer's mean squared error divided by this one's, each the mean over seeds; null without a
/// pioneer.</param>
/// <param name="ToPioneersBest">Effort to reach the pioneer's best error; null if a seed never did, or without a pioneer.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="OnnxBytes">Size of the exported file.</param>
/// <param name="MillisecondsPerImage">Time of a prediction on all cores.</param>
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
    /// <summary>Summarizes at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new Spread(all.Average(), all.Min(), all.Max());
    }
}

/// <summary>The effort to reach an error: means over seeds.</summary>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Images">Training images seen.</param>
/// <param name="ShareOfPioneer">Those seconds divided by the pioneer's.</param>
internal sealed record Reaching(double Seconds, double Images, double ShareOfPioneer);
