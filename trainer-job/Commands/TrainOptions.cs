using KeypointPipeline.Errors;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>The options that a person gave to <c>train</c>.</summary>
/// <param name="Data">Labelled file or prepared folder to train on.</param>
/// <param name="Validation">Labelled file or prepared folder to validate on; null holds out rows of <paramref name="Data"/>.</param>
/// <param name="Test">Labelled file or prepared folder that measures the finished model; null holds out rows of <paramref name="Data"/>,
/// unless <paramref name="Validation"/> is given.</param>
/// <param name="Mirror">Mirror pairs of <paramref name="Data"/>, or that there are none; null finds them.</param>
/// <param name="Frame">Frame size, for example <c>128x160</c>; null takes it from the data.</param>
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
    string? Frame,
    string Output,
    int? Epochs,
    int? Seed,
    string? Network,
    int? BatchSize,
    int? Patience,
    bool Resume)
{
    /// <summary>Parses <see cref="Frame"/>.</summary>
    /// <exception cref="UserErrorException">It is not a frame size that can be trained.</exception>
    public FrameSize? ReadFrame()
    {
        if (Frame is null)
            return null;
        return FrameSize.Parse(Frame) is { IsSupported: true } size
            ? size
            : throw new UserErrorException(
                $"{TrainCommand.Frame} {Frame}: a width and a height in pixels such as 128x160 are expected, {KeypointSchema.MinimumFrame} to {KeypointSchema.MaximumFrame} each.");
    }

    /// <summary>The settings: the options that were given, and the defaults for the rest.</summary>
    public TrainingSettings Over(TrainingSettings defaults) => new(
        Epochs ?? defaults.Epochs,
        Seed ?? defaults.Seed,
        Network ?? defaults.Network,
        BatchSize ?? defaults.BatchSize,
        Patience ?? defaults.Patience,
        Epochs is null ? defaults.Steps : null);
}
