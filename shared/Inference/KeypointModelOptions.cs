namespace KeypointPipeline.Inference;

/// <summary>How a model runs. None of it changes what it predicts.</summary>
/// <param name="Threads">Threads per call, at least 1; 0 takes one per core.</param>
public sealed record KeypointModelOptions(int Threads = 0);
