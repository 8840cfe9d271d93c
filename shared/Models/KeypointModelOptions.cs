namespace KeypointPipeline.Models;

/// <summary>How a model runs. None of it changes what it predicts.</summary>
/// <param name="Threads">Runs that go side by side, a thread each, at least 1; 0 takes one per core.</param>
public sealed record KeypointModelOptions(int Threads = 0);
