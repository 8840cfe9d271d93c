using KeypointPipeline.TrainerJob.Loop;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>One way to train that the comparison measures.</summary>
/// <param name="Name">Also used in file names: lower case, words joined by hyphens.</param>
/// <param name="Description">One line for the report's readers.</param>
/// <param name="Network">A network the trainer knows.</param>
/// <param name="Rows">Which rows it learns from.</param>
/// <param name="Recipe">How it learns.</param>
/// <param name="RowCount">Learns from so many rows, which the run's seed draws, and for the product's default length instead of the
/// comparison's seconds. Null: from all chosen rows.</param>
internal sealed record AccuracyEntry(
    string Name, string Description, string Network, RowChoice Rows, TrainingRecipe Recipe, int? RowCount = null)
{
    /// <summary>Whether the entry is compared with the others: the same rows and seconds for all.</summary>
    public bool IsCompared => RowCount is null && Rows != RowChoice.TwoRules;
}
