using KeypointPipeline.Evaluation;
using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Everything that a run's result follows from but the code and the machine: a run of the same settings is not repeated.</summary>
/// <param name="Network">Network.</param>
/// <param name="Rows">What it learns from.</param>
/// <param name="Recipe">How.</param>
/// <param name="Seconds">For how long, see <see cref="EntrySpeed"/>; validation is not counted.</param>
/// <param name="Seed">Seed.</param>
/// <param name="TrainingData">Id of the dataset it learns from.</param>
/// <param name="ValidationData">Id of the dataset it is measured on.</param>
/// <param name="Device">Where torch computes.</param>
/// <param name="Precision">What convolutions compute in while training.</param>
internal sealed record RunSettings(
    string Network, RowChoice Rows, TrainingRecipe Recipe, double Seconds, int Seed, string TrainingData, string ValidationData, string Device,
    ScalarType Precision);

/// <summary>One finished training of an entry, <c>runs/{entry}-{seed}.json</c>.</summary>
/// <param name="Entry">The entry's name.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="TrainingRows">Rows it learned from.</param>
/// <param name="Epochs">Passes over them, chosen to fill the seconds.</param>
/// <param name="TrainingSeconds">What they take with the machine to themselves, validation not counted.</param>
/// <param name="Curve">Measurements along the way, in order; at least one.</param>
/// <param name="Validation">The exported file, of the weights with the curve's lowest error, on the validation rows.</param>
/// <param name="Parameters">Trainable numbers of the network.</param>
/// <param name="OnnxBytes">Size of the exported file.</param>
/// <param name="MillisecondsPerImage">Prediction with such a file, all cores.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Code">Version of the trainer, with its commit where the build knew it.</param>
/// <param name="EndedAt">When, UTC.</param>
internal sealed record AccuracyRun(
    string Entry,
    RunSettings Settings,
    int TrainingRows,
    int Epochs,
    double TrainingSeconds,
    IReadOnlyList<CurvePoint> Curve,
    EvaluationResult Validation,
    long Parameters,
    long OnnxBytes,
    double MillisecondsPerImage,
    string Machine,
    string Code,
    DateTimeOffset EndedAt)
{
    /// <summary>Where the validation error was lowest.</summary>
    public CurvePoint Best() => Curve.MinBy(point => point.Rmse)!;

    /// <summary>The first measurement at or below an error: an upper bound, as the error was not measured between two of them.</summary>
    /// <returns>Null where the run never got there.</returns>
    public CurvePoint? FirstAt(double rmse) => Curve.FirstOrDefault(point => point.Rmse <= rmse);
}

/// <summary>A measurement on the way.</summary>
/// <param name="Epoch">After this many passes.</param>
/// <param name="Seconds">Training seconds until then.</param>
/// <param name="Images">Training images seen until then.</param>
/// <param name="Rmse">Of the averaged weights on the validation rows, frame pixels.</param>
internal sealed record CurvePoint(int Epoch, double Seconds, long Images, double Rmse);
