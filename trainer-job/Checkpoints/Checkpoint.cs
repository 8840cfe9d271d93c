using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Checkpoints;

/// <summary>A training between two epochs: everything needed to continue it exactly as if it had not been interrupted. It needs no
/// generator state, because an epoch's random numbers follow from the seed and the epoch's number.</summary>
/// <param name="Header">The training it belongs to, and its progress.</param>
/// <param name="Parts">Weights, averaged weights, best weights and optimizer state, each as TorchSharp writes it, then the
/// teacher's labels.</param>
public sealed record Checkpoint(CheckpointHeader Header, IReadOnlyList<byte[]> Parts);

/// <summary>The JSON at a checkpoint's start.</summary>
/// <param name="Settings">Settings of the training.</param>
/// <param name="TrainingRows">Number of training rows.</param>
/// <param name="ValidationRows">Number of validation rows.</param>
/// <param name="Metrics">One entry per completed epoch.</param>
/// <param name="BestEpoch">The epoch of the best weights.</param>
/// <param name="BestRmse">Their validation error, frame pixels; null without validation rows.</param>
/// <param name="PartBytes">Sizes of the parts.</param>
public sealed record CheckpointHeader(
    TrainingSettings Settings,
    int TrainingRows,
    int ValidationRows,
    IReadOnlyList<EpochMetrics> Metrics,
    int BestEpoch,
    double? BestRmse,
    IReadOnlyList<int> PartBytes);
