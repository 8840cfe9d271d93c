using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Checkpoints;

/// <summary>A training between two epochs: all that is needed to go on exactly as if nothing had happened. There is no generator
/// state in it, because an epoch's chance follows from the seed and the epoch's number.</summary>
/// <param name="Header">What it is of, and how far it is.</param>
/// <param name="Parts">Weights, averaged weights, best weights, optimiser state, each as TorchSharp writes it; the
/// teacher's labels.</param>
public sealed record Checkpoint(CheckpointHeader Header, IReadOnlyList<byte[]> Parts);

/// <summary>The JSON at a checkpoint's start.</summary>
/// <param name="Settings">Settings of the training.</param>
/// <param name="TrainingRows">Rows trained on.</param>
/// <param name="ValidationRows">Rows measured on.</param>
/// <param name="Metrics">One entry per completed epoch.</param>
/// <param name="BestEpoch">The epoch the best weights are from.</param>
/// <param name="BestRmse">Their validation error, frame pixels; null where nothing is measured.</param>
/// <param name="PartBytes">Sizes of the parts.</param>
public sealed record CheckpointHeader(
    TrainingSettings Settings,
    int TrainingRows,
    int ValidationRows,
    IReadOnlyList<EpochMetrics> Metrics,
    int BestEpoch,
    double? BestRmse,
    IReadOnlyList<int> PartBytes);
