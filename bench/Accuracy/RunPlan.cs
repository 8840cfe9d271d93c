using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The settings of all runs of a comparison.</summary>
/// <param name="Seconds">Training seconds of each run.</param>
/// <param name="Seeds">Runs per entry, with seeds 1, 2, ….</param>
/// <param name="TrainingData">Id of the dataset to learn from.</param>
/// <param name="ValidationData">Id of the dataset to measure on.</param>
/// <param name="Device">Where torch computes.</param>
/// <param name="Precision">The type that convolutions compute in while training.</param>
internal sealed record RunPlan(double Seconds, int Seeds, string TrainingData, string ValidationData, string Device, ScalarType Precision)
{
    /// <summary>The settings of one run.</summary>
    public RunSettings SettingsOf(AccuracyEntry entry, int seed) => new(
        entry.Network, entry.Rows, entry.Recipe, Seconds, seed, TrainingData, ValidationData, Device, Precision, entry.RowCount);

    /// <summary>The conditions under which an entry's speed is measured.</summary>
    public SpeedConditions ConditionsOf(AccuracyEntry entry) =>
        new(entry.Network, entry.Rows, entry.Recipe, TrainingData, Device, Precision, Machine.Describe(), entry.RowCount);

    /// <summary>The finished runs of an entry, by seed.</summary>
    public IReadOnlyList<AccuracyRun> Finished(AccuracyEntry entry, RunStore store) =>
        [.. Enumerable.Range(1, Seeds).Select(seed => store.Find(entry.Name, SettingsOf(entry, seed))).OfType<AccuracyRun>()];
}
