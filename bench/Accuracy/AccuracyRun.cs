using KeypointPipeline.Evaluation;
using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The settings of a run: with the code and the machine they determine its result. A run with the same settings is not
/// repeated.</summary>
/// <param name="Network">Network.</param>
/// <param name="Rows">Which rows it learns from.</param>
/// <param name="Recipe">How it learns.</param>
/// <param name="Seconds">How long it trains, without validation; see <see cref="EntrySpeed"/>.</param>
/// <param name="Seed">Seed.</param>
/// <param name="TrainingData">Id of the dataset it learns from.</param>
/// <param name="ValidationData">Id of the dataset it is measured on.</param>
/// <param name="Device">Where torch computes.</param>
/// <param name="Precision">The type that convolutions compute in while training.</param>
/// <param name="RowCount">Number of rows that the seed draws; null for all.</param>
internal sealed record RunSettings(
    string Network, RowChoice Rows, TrainingRecipe Recipe, double Seconds, int Seed, string TrainingData, string ValidationData, string Device,
    ScalarType Precision, int? RowCount = null);

/// <summary>One finished training of an entry, <c>runs/{entry}-{seed}.json</c>.</summary>
/// <param name="Entry">The entry's name.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="TrainingRows">Rows it learned from.</param>
/// <param name="Epochs">Passes over them, chosen to fill the seconds.</param>
/// <param name="TrainingSeconds">How long they take on an otherwise idle machine, without validation.</param>
/// <param name="MirroredRmse">Error of the same weights averaged over each image and its mirror image, frame pixels.</param>
/// <param name="Curve">Measurements during the training, in order; at least one.</param>
/// <param name="Validation">Evaluation of the exported file on the validation rows. It has the weights of the curve's lowest error.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="OnnxBytes">Size of the exported file.</param>
/// <param name="MillisecondsPerImage">Time of a prediction on all cores.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Code">Version of the trainer, with its commit if the build knew it.</param>
/// <param name="EndedAt">When, UTC.</param>
/// <param name="TwoRules">The result of the entry with two labelling rules; null for the others.</param>
internal sealed record AccuracyRun(
    string Entry,
    RunSettings Settings,
    int TrainingRows,
    int Epochs,
    double TrainingSeconds,
    double MirroredRmse,
    IReadOnlyList<CurvePoint> Curve,
    EvaluationResult Validation,
    long Parameters,
    long OnnxBytes,
    double MillisecondsPerImage,
    string Machine,
    string Code,
    DateTimeOffset EndedAt,
    TwoRulesResult? TwoRules = null)
{
    /// <summary>Where the validation error was lowest.</summary>
    public CurvePoint Best() => Curve.MinBy(point => point.Rmse)!;

    /// <summary>Finds when the run first reached an error: on the straight line between the first measurement at or below it and the
    /// one before.</summary>
    /// <returns>Training seconds and images, or null if the run never reached the error.</returns>
    public (double Seconds, double Images)? Reached(double rmse)
    {
        int at = 0;
        while (at < Curve.Count && Curve[at].Rmse > rmse)
            at++;
        if (at == Curve.Count)
            return null;
        CurvePoint right = Curve[at];
        if (at == 0)
            return (right.Seconds, right.Images);
        CurvePoint left = Curve[at - 1];
        double share = (left.Rmse - rmse) / (left.Rmse - right.Rmse);
        return (left.Seconds + (share * (right.Seconds - left.Seconds)), left.Images + (share * (right.Images - left.Images)));
    }
}

/// <summary>A measurement during a training.</summary>
/// <param name="Epoch">Passes over the rows until then.</param>
/// <param name="Seconds">Training seconds until then.</param>
/// <param name="Images">Training images seen until then.</param>
/// <param name="Rmse">Error of the averaged weights on the validation rows, frame pixels.</param>
internal sealed record CurvePoint(int Epoch, double Seconds, long Images, double Rmse);
