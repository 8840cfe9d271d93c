using KeypointPipeline.Errors;

namespace KeypointPipeline.Training;

/// <summary>The settings of a training that people choose. Everything else follows from the data and the training recipe.</summary>
/// <param name="Epochs">Passes over the training rows, 1 to 10,000. Null: as many as <paramref name="Steps"/> or
/// <see cref="TrainingLength"/> says.</param>
/// <param name="Seed">Seed of initial weights, row order and augmentation. The same seed, data and processor give the same model.</param>
/// <param name="Network">Name of a network that the trainer knows.</param>
/// <param name="BatchSize">Images per step, 1 to 4,096.</param>
/// <param name="Patience">Epochs without a better validation error before stopping early; null for never.</param>
/// <param name="Steps">Steps of the training, 1 to 1,000,000, in place of <paramref name="Epochs"/>; rounded to whole epochs.</param>
public sealed record TrainingSettings(
    int? Epochs = null, int Seed = 1, string Network = "pyramid-resnet", int BatchSize = 64, int? Patience = null, int? Steps = null)
{
    /// <summary>Throws for the first value outside its range.</summary>
    /// <exception cref="UserErrorException">A value is outside its range.</exception>
    public void Validate()
    {
        string? problem =
            Epochs is < 1 or > 10_000 ? $"epochs is {Epochs:N0}; 1 to 10,000 are possible"
            : Steps is < 1 or > 1_000_000 ? $"steps is {Steps:N0}; 1 to 1,000,000 are possible"
            : Epochs is not null && Steps is not null ? "epochs and steps are both set; state one of them"
            : BatchSize is < 1 or > 4096 ? $"batchSize is {BatchSize:N0}; 1 to 4,096 are possible"
            : Patience < 1 ? $"patience is {Patience:N0}; at least 1 is possible, and none never stops early"
            : string.IsNullOrWhiteSpace(Network) ? "network is empty"
            : null;
        if (problem is not null)
            throw new UserErrorException($"A training setting is out of range: {problem}.");
    }
}
