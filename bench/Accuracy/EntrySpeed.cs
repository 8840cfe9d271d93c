using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>What an entry's speed follows from but the code: one that was measured under the same conditions is not measured again.</summary>
/// <param name="Network">Network.</param>
/// <param name="Rows">What it learns from.</param>
/// <param name="Recipe">How.</param>
/// <param name="TrainingData">Id of the dataset it learns from.</param>
/// <param name="Device">Where torch computes.</param>
/// <param name="Precision">What convolutions compute in while training.</param>
/// <param name="Machine">What it ran on.</param>
internal sealed record SpeedConditions(
    string Network, RowChoice Rows, TrainingRecipe Recipe, string TrainingData, string Device, ScalarType Precision, string Machine);

/// <summary>How fast an entry trains and predicts with the whole machine to itself, <c>speeds/{entry}.json</c>.</summary>
/// <param name="Entry">The entry's name.</param>
/// <param name="Conditions">What it was measured under.</param>
/// <param name="EpochSeconds">A pass over its rows.</param>
/// <param name="TeachingSeconds">Asking the teacher for all missing labels; 0 where the recipe never does.</param>
/// <param name="MillisecondsPerImage">Prediction with the exported file.</param>
internal sealed record EntrySpeed(
    string Entry, SpeedConditions Conditions, double EpochSeconds, double TeachingSeconds, double MillisecondsPerImage)
{
    /// <summary>The most epochs that take no longer than this; at least 1.</summary>
    public int EpochsIn(double seconds)
    {
        int epochs = Math.Max(1, (int)(seconds / EpochSeconds));
        while (epochs > 1 && SecondsUntil(epochs, epochs) > seconds)
            epochs--;
        return epochs;
    }

    /// <summary>Training seconds until an epoch's end.</summary>
    /// <param name="epoch">Epochs done, 0 to <paramref name="epochs"/>.</param>
    /// <param name="epochs">All epochs of the training.</param>
    public double SecondsUntil(int epoch, int epochs) =>
        (epoch * EpochSeconds)
        + (Enumerable.Range(0, epoch).Count(before => Conditions.Recipe.AsksTeacherBefore(before, epochs)) * TeachingSeconds);
}
