namespace KeypointPipeline.Bench.Accuracy.Reporting;

/// <summary>The figures of an entry over its seeds.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Network">Its network.</param>
/// <param name="TrainingRows">Rows it learned from.</param>
/// <param name="Seeds">Number of runs.</param>
/// <param name="Rmse">Error of the best measured weights on each image alone, frame pixels.</param>
/// <param name="MirroredRmse">Error of the same weights averaged over each image and its mirror image, frame pixels.</param>
/// <param name="Nme">Error of the exported model as a share of the distance between the eyes; null if the schema has no eye
/// centres.</param>
/// <param name="FinalRmse">Error of the final epoch's model, without choosing the best one, frame pixels.</param>
/// <param name="SquaredErrorRatio">The pioneer's mean squared error divided by this one's, on each image alone, each the mean over
/// seeds; null without a pioneer.</param>
/// <param name="Reached">Effort to reach each of <see cref="AccuracySummary.Targets"/>, in order; null if a seed never did.</param>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="OnnxBytes">Size of the exported file.</param>
/// <param name="MillisecondsPerImage">Time of a prediction on all cores.</param>
/// <param name="RmsePerKeypoint">Errors of the exported model, means over seeds.</param>
internal sealed record EntrySummary(
    string Entry,
    string Description,
    string Network,
    int TrainingRows,
    int Seeds,
    Spread Rmse,
    Spread MirroredRmse,
    Spread? Nme,
    Spread FinalRmse,
    double? SquaredErrorRatio,
    IReadOnlyList<Reaching?> Reached,
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

/// <summary>The effort to reach an error for the first time.</summary>
/// <param name="Seconds">Training seconds.</param>
/// <param name="Images">Training images seen, mean over seeds.</param>
/// <param name="ShareOfPioneer">Mean seconds divided by the pioneer's, to the same error.</param>
internal sealed record Reaching(Spread Seconds, double Images, double ShareOfPioneer);
