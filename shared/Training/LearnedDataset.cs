namespace KeypointPipeline.Training;

/// <summary>A dataset that a model learned from.</summary>
/// <param name="Path">Name of the dropped file in the <c>datasets</c> container.</param>
/// <param name="DatasetId">Id of its content at the time of planning.</param>
public sealed record LearnedDataset(string Path, string DatasetId);
