using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Passes the progress from the training thread to the reporting loops. One thread writes at a time, and any thread may read,
/// because the objects here are replaced but never changed.</summary>
/// <param name="epochs">Requested number of epochs.</param>
internal sealed class RunProgress(int epochs)
{
    private volatile TrainingStatus _status = new(TrainingState.Starting, default, 0, epochs);
    private volatile Checkpoint? _checkpoint;

    /// <summary>The newest checkpoint, or null.</summary>
    public Checkpoint? Checkpoint => _checkpoint;

    /// <summary>The status, as of <paramref name="now"/>.</summary>
    public TrainingStatus StatusAt(DateTimeOffset now) => _status with { HeartbeatAt = now };

    /// <summary>Moves to another state.</summary>
    public void Enter(TrainingState state, TrainingFault? fault = null) =>
        _status = _status with { State = state, Error = fault?.Error, Repeats = fault?.Repeats };

    /// <summary>Hands over a checkpoint to be written.</summary>
    public void Leave(Checkpoint checkpoint) => _checkpoint = checkpoint;

    /// <summary>Reports completed epochs.</summary>
    /// <param name="metrics">One entry per completed epoch.</param>
    /// <param name="bestRmse">The lowest validation error so far, frame pixels.</param>
    public void Report(IReadOnlyList<EpochMetrics> metrics, double? bestRmse)
    {
        if (metrics.Count == 0)
            return;
        EpochMetrics last = metrics[^1];
        _status = _status with
        {
            State = TrainingState.Running,
            Epoch = last.Epoch,
            TrainingLoss = last.TrainingLoss,
            ValidationRmse = last.ValidationRmse,
            BestValidationRmse = bestRmse,
            ImagesPerSecond = last.ImagesPerSecond,
            SecondsLeft = (epochs - last.Epoch) * last.Seconds,
        };
    }
}
