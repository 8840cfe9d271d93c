using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Where the training thread leaves word of how far it is, and the reporting loops pick it up. One thread writes at a
/// time, any may read: what lies here is never changed, only replaced.</summary>
/// <param name="epochs">Epochs asked for.</param>
internal sealed class RunProgress(int epochs)
{
    private volatile TrainingStatus _status = new(TrainingState.Starting, default, 0, epochs);
    private volatile Checkpoint? _checkpoint;

    /// <summary>The newest checkpoint, or null.</summary>
    public Checkpoint? Checkpoint => _checkpoint;

    /// <summary>The status, as of <paramref name="now"/>.</summary>
    public TrainingStatus StatusAt(DateTimeOffset now) => _status with { HeartbeatAt = now };

    /// <summary>Moves to another state.</summary>
    public void Enter(TrainingState state, string? error = null) => _status = _status with { State = state, Error = error };

    /// <summary>Leaves a checkpoint to be written.</summary>
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
