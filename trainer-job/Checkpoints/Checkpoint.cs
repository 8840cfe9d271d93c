using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Checkpoints;

/// <summary>A training between two epochs: everything needed to continue it exactly as if it had not been interrupted. It needs no
/// generator state, because an epoch's random numbers follow from the seed and the epoch's number.</summary>
/// <remarks>There is one copy of the parts: they are slices of the file. A checkpoint of a large network has gigabytes.</remarks>
public sealed class Checkpoint
{
    /// <summary>Describes the content of a file.</summary>
    /// <param name="header">The training it belongs to, and its progress.</param>
    /// <param name="parts">Slices of <paramref name="file"/>.</param>
    /// <param name="file">The file. Its checksum need not be there yet.</param>
    internal Checkpoint(CheckpointHeader header, IReadOnlyList<ReadOnlyMemory<byte>> parts, byte[] file)
    {
        Header = header;
        Parts = parts;
        File = file;
    }

    /// <summary>The training it belongs to, and its progress.</summary>
    public CheckpointHeader Header { get; }

    /// <summary>Weights, averaged weights, best weights and optimizer state, each as TorchSharp writes it, then the teacher's labels.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts { get; }

    /// <summary>The file that the parts are slices of. <see cref="CheckpointFile.Write"/> completes it.</summary>
    internal byte[] File { get; }
}

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
