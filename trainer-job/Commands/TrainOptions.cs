using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>What a person asked <c>train</c> for.</summary>
/// <param name="Data">Labelled file or prepared folder to train on.</param>
/// <param name="Validation">The same, to measure on; null holds rows of <paramref name="Data"/> out.</param>
/// <param name="Output">The run's folder.</param>
/// <param name="Epochs">Null where not said, as with those that follow.</param>
/// <param name="Seed">Seed.</param>
/// <param name="Network">Network.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="Patience">Epochs without progress before stopping.</param>
/// <param name="Resume">Whether to go on with what lies in <paramref name="Output"/>.</param>
internal sealed record TrainOptions(
    string Data,
    string? Validation,
    string Output,
    int? Epochs,
    int? Seed,
    string? Network,
    int? BatchSize,
    int? Patience,
    bool Resume)
{
    /// <summary>These settings, with <paramref name="otherwise"/>'s where nothing was said.</summary>
    public TrainingSettings Over(TrainingSettings otherwise) => new(
        Epochs ?? otherwise.Epochs,
        Seed ?? otherwise.Seed,
        Network ?? otherwise.Network,
        BatchSize ?? otherwise.BatchSize,
        Patience ?? otherwise.Patience);
}
