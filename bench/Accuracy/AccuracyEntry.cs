using KeypointPipeline.TrainerJob.Loop;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>One way to train that the comparison measures.</summary>
/// <param name="Name">Also used in file names: lower case, words joined by hyphens.</param>
/// <param name="Description">One line for the report's readers.</param>
/// <param name="Network">A network the trainer knows.</param>
/// <param name="Rows">Which rows it learns from.</param>
/// <param name="Recipe">How it learns.</param>
internal sealed record AccuracyEntry(string Name, string Description, string Network, RowChoice Rows, TrainingRecipe Recipe);
