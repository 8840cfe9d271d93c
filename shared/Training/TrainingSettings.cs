using KeypointPipeline.Errors;

namespace KeypointPipeline.Training;

/// <summary>The settings of a training that people choose. Everything else follows from the data and the training recipe.</summary>
/// <param name="Epochs">Passes over the training rows, 1 to 10,000.</param>
/// <param name="Seed">Seed of initial weights, row order and augmentation. The same seed, data and processor give the same model.</param>
/// <param name="Network">Name of a network that the trainer knows.</param>
/// <param name="BatchSize">Images per step, 1 to 4,096.</param>
/// <param name="Patience">Epochs without a better validation error before stopping early; null for never.</param>
public sealed record TrainingSettings(
    int Epochs = 150, int Seed = 1, string Network = "pyramid-resnet", int BatchSize = 64, int? Patience = null)
{
    /// <summary>Throws for the first value outside its range.</summary>
    /// <exception cref="UserErrorException">A value is outside its range.</exception>
    public void Validate()
    {
        string? problem =
            Epochs is < 1 or > 10_000 ? $"epochs is {Epochs:N0}; 1 to 10,000 are possible"
            : BatchSize is < 1 or > 4096 ? $"batchSize is {BatchSize:N0}; 1 to 4,096 are possible"
            : Patience < 1 ? $"patience is {Patience:N0}; at least 1 is possible, and none never stops early"
            : string.IsNullOrWhiteSpace(Network) ? "network is empty"
            : null;
        if (problem is not null)
            throw new UserErrorException($"A training setting is out of range: {problem}.");
    }
}
