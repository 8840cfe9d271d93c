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
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1, nameof(Epochs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Epochs, 10_000, nameof(Epochs));
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, 4096, nameof(BatchSize));
        if (Patience is int patience)
            ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1, nameof(Patience));
        ArgumentException.ThrowIfNullOrWhiteSpace(Network, nameof(Network));
    }
}
