using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The conditions of a speed measurement: with the code they determine the speed. A speed is not measured twice under the same
/// conditions.</summary>
/// <param name="Network">Network.</param>
/// <param name="Rows">Which rows it learns from.</param>
/// <param name="Recipe">How it learns.</param>
/// <param name="TrainingData">Id of the dataset it learns from.</param>
/// <param name="Device">Where torch computes.</param>
/// <param name="Precision">The type that convolutions compute in while training.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="RowCount">Number of rows that it learns from; null for all.</param>
internal sealed record SpeedConditions(
    string Network, RowChoice Rows, TrainingRecipe Recipe, string TrainingData, string Device, ScalarType Precision, string Machine,
    int? RowCount = null);

/// <summary>How fast an entry trains and predicts on an otherwise idle machine, <c>speeds/{entry}.json</c>.</summary>
/// <param name="Entry">The entry's name.</param>
/// <param name="Conditions">The conditions of the measurement.</param>
/// <param name="EpochSeconds">Seconds of a pass over its rows.</param>
/// <param name="TeachingSeconds">Seconds to ask the teacher for all missing labels; 0 if the recipe never does.</param>
/// <param name="MillisecondsPerImage">Time of a prediction with the exported file.</param>
internal sealed record EntrySpeed(
    string Entry, SpeedConditions Conditions, double EpochSeconds, double TeachingSeconds, double MillisecondsPerImage)
{
    /// <summary>The largest number of epochs that fit into these seconds; at least 1.</summary>
    public int EpochsIn(double seconds)
    {
        int epochs = Math.Max(1, (int)(seconds / EpochSeconds));
        while (epochs > 1 && SecondsUntil(epochs, epochs) > seconds)
            epochs--;
        return epochs;
    }

    /// <summary>Training seconds until the end of an epoch.</summary>
    /// <param name="epoch">Epochs done, 0 to <paramref name="epochs"/>.</param>
    /// <param name="epochs">All epochs of the training.</param>
    public double SecondsUntil(int epoch, int epochs) =>
        (epoch * EpochSeconds)
        + (Enumerable.Range(0, epoch).Count(before => Conditions.Recipe.AsksTeacherBefore(before, epochs)) * TeachingSeconds);
}
