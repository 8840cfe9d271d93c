using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Passes the progress from the training thread to the reporting loops. One thread writes at a time, and any thread may read,
/// because the objects here are replaced but never changed.</summary>
/// <param name="epochs">The epochs that the settings state, or 0.</param>
internal sealed class RunProgress(int epochs)
{
    /// <summary>The time left is estimated from at least this many epochs, because short epochs vary.</summary>
    private const int FewestEpochsMeasured = 10;

    private volatile TrainingStatus _status = new(TrainingState.Starting, default, 0, epochs);
    private volatile Checkpoint? _checkpoint;

    /// <summary>The newest checkpoint; null before the first and after <see cref="Forget"/>.</summary>
    public Checkpoint? Checkpoint => _checkpoint;

    /// <summary>One entry per completed epoch.</summary>
    public IReadOnlyList<EpochMetrics> Metrics { get; private set; } = [];

    /// <summary>Whether there was a checkpoint.</summary>
    public bool HasCheckpoint { get; private set; }

    /// <summary>The status, as of <paramref name="now"/>.</summary>
    public TrainingStatus StatusAt(DateTimeOffset now) => _status with { HeartbeatAt = now };

    /// <summary>Says what the training computes on.</summary>
    public void ComputeOn(TrainerDevice device) => _status = _status with { Device = device };

    /// <summary>Moves to another state.</summary>
    public void Enter(TrainingState state, TrainingFault? fault = null) =>
        _status = _status with { State = state, Error = fault?.Error, Repeats = fault?.Repeats };

    /// <summary>Hands over a checkpoint to be written.</summary>
    public void Leave(Checkpoint checkpoint)
    {
        HasCheckpoint = true;
        _checkpoint = checkpoint;
    }

    /// <summary>Releases the memory of a checkpoint that was written, unless a newer one has come meanwhile.</summary>
    public void Forget(Checkpoint written) => Interlocked.CompareExchange(ref _checkpoint, null, written);

    /// <summary>Reports the plan and the completed epochs.</summary>
    /// <param name="plan">The training's plan.</param>
    /// <param name="metrics">One entry per completed epoch.</param>
    /// <param name="bestRmse">The lowest validation error so far, frame pixels.</param>
    public void Report(EpochPlan plan, IReadOnlyList<EpochMetrics> metrics, double? bestRmse)
    {
        Metrics = [.. metrics];
        TrainingStatus planned = _status with
        {
            State = TrainingState.Running,
            Epochs = plan.Epochs,
            Step = (long)metrics.Count * plan.StepsPerEpoch,
            Steps = plan.Steps,
            MostSeconds = plan.MostTime?.TotalSeconds,
        };
        _status = metrics.Count == 0
            ? planned
            : planned with
            {
                Epoch = metrics.Count,
                TrainingLoss = metrics[^1].TrainingLoss,
                ValidationRmse = metrics[^1].ValidationRmse ?? planned.ValidationRmse ?? metrics.LastOrDefault(epoch => epoch.ValidationRmse is not null)?.ValidationRmse,
                BestValidationRmse = bestRmse,
                ImagesPerSecond = metrics[^1].ImagesPerSecond,
                SecondsLeft = (plan.Epochs - metrics.Count) * SecondsPerEpoch(plan, metrics),
            };
    }

    // Whole rounds of validation, so that the mean has their share of its cost.
    private static double SecondsPerEpoch(EpochPlan plan, IReadOnlyList<EpochMetrics> metrics)
    {
        int rounds = (FewestEpochsMeasured + plan.ValidatesEvery - 1) / plan.ValidatesEvery;
        return metrics.Skip(metrics.Count - (rounds * plan.ValidatesEvery)).Average(epoch => epoch.Seconds);
    }
}
