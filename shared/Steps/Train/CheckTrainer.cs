using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Looks at a run: done, failed, stopped, alive or gone. Done means the marker is there; alive means a fresh heartbeat. What
/// the platform says of the process only makes "gone" come sooner.</summary>
public sealed class CheckTrainer(TrainingRunStore runs, ITrainerLauncher launcher, TrainingSlot slot, TimeProvider time)
    : Step<CheckTrainerInput, TrainerCheck>
{
    /// <summary>A trainer whose heartbeat is older than this is taken for gone. Before its first heartbeat
    /// <see cref="TrainerSighting.StartPatience"/> counts.</summary>
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(90);

    /// <summary>A heartbeat looks stale when the clock was set ahead or the machine slept; a trainer that is alive gives another by then.</summary>
    private static readonly TimeSpan SecondLookAfter = 2 * TrainingStatus.HeartbeatInterval;

    /// <summary>Clocks of two machines may differ by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>How workflows call it.</summary>
    public static StepRef<CheckTrainerInput, TrainerCheck> Ref { get; } = new(nameof(CheckTrainer), StepRetry.Patient);

    /// <inheritdoc/>
    public override async Task<TrainerCheck> RunAsync(CheckTrainerInput input, CancellationToken cancellationToken)
    {
        await slot.AcquireAsync(input.RunId, cancellationToken);

        // The platform first, the marker last: a trainer that ends between the two has written its marker before it ended.
        TrainerSighting sighting = await launcher.LookAsync(input.RunId, cancellationToken);
        TrainingStatus? status = await runs.FindStatusAsync(input.RunId, cancellationToken);
        if (await runs.FindResultAsync(input.RunId, cancellationToken) is not null)
            return new TrainerCheck(TrainerVerdict.Completed, status, sighting.Place);

        bool ofThisStart = status?.HeartbeatAt >= input.LaunchedAt - ClockTolerance;
        if (ofThisStart && status!.State == TrainingState.Failed)
            return new TrainerCheck(TrainerVerdict.Failed, status, sighting.Place);
        if (ofThisStart && status!.State == TrainingState.Stopped)
            return new TrainerCheck(TrainerVerdict.Stopped, status, sighting.Place);
        if (sighting.IsGone)
            return new TrainerCheck(sighting.WasStopped ? TrainerVerdict.Stopped : TrainerVerdict.Gone, status, sighting.Place);

        (DateTimeOffset lastSign, TimeSpan patience) =
            ofThisStart ? (status!.HeartbeatAt, StallAfter) : (input.LaunchedAt, sighting.StartPatience);
        bool stalled = time.GetUtcNow() - lastSign > patience && !await BeatsAgainAsync(input.RunId, status, cancellationToken);
        return new TrainerCheck(stalled ? TrainerVerdict.Gone : TrainerVerdict.Running, status, sighting.Place);
    }

    private async Task<bool> BeatsAgainAsync(string runId, TrainingStatus? last, CancellationToken cancellationToken)
    {
        await Task.Delay(SecondLookAfter, time, cancellationToken);
        return (await runs.FindStatusAsync(runId, cancellationToken))?.HeartbeatAt != last?.HeartbeatAt;
    }
}

/// <summary>Which run, and when its trainer was last started (UTC): heartbeats from before do not count.</summary>
public sealed record CheckTrainerInput(string RunId, DateTimeOffset LaunchedAt);

/// <summary>The answer.</summary>
/// <param name="Verdict">How the run stands.</param>
/// <param name="Status">The heartbeat read last; may be of an earlier start.</param>
/// <param name="Place"><see cref="TrainerSighting.Place"/>.</param>
public sealed record TrainerCheck(TrainerVerdict Verdict, TrainingStatus? Status, string? Place = null);

/// <summary>How a run stands.</summary>
public enum TrainerVerdict
{
    /// <summary>Alive, as far as anybody knows.</summary>
    Running,

    /// <summary>The completion marker is there.</summary>
    Completed,

    /// <summary>Failed for good.</summary>
    Failed,

    /// <summary>Crashed or silent: can be started again from its checkpoint.</summary>
    Gone,

    /// <summary>Ended in order because it was asked to: can be started again from its checkpoint.</summary>
    Stopped,
}
