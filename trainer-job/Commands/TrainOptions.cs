using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>The options that a person gave to <c>train</c>.</summary>
/// <param name="Data">Labelled file or prepared folder to train on.</param>
/// <param name="Validation">Labelled file or prepared folder to validate on; null holds out rows of <paramref name="Data"/>.</param>
/// <param name="Test">Labelled file or prepared folder that measures the finished model; null holds out rows of <paramref name="Data"/>,
/// unless <paramref name="Validation"/> is given.</param>
/// <param name="Mirror">Mirror pairs of <paramref name="Data"/>, or that there are none; null finds them.</param>
/// <param name="Output">Folder of the training.</param>
/// <param name="Epochs">Passes over the rows. Null if not given, like the following options.</param>
/// <param name="Seed">Random seed.</param>
/// <param name="Network">Name of the network.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="Patience">Epochs without a better validation error before stopping early.</param>
/// <param name="Resume">Whether to continue the training in <paramref name="Output"/>.</param>
internal sealed record TrainOptions(
    string Data,
    string? Validation,
    string? Test,
    string? Mirror,
    string Output,
    int? Epochs,
    int? Seed,
    string? Network,
    int? BatchSize,
    int? Patience,
    bool Resume)
{
    /// <summary>The settings: the options that were given, and the defaults for the rest.</summary>
    public TrainingSettings Over(TrainingSettings defaults) => new(
        Epochs ?? defaults.Epochs,
        Seed ?? defaults.Seed,
        Network ?? defaults.Network,
        BatchSize ?? defaults.BatchSize,
        Patience ?? defaults.Patience,
        Epochs is null ? defaults.Steps : null);
}
