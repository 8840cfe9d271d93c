using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Checks a run: completed, failed, stopped, running or gone. A run is completed when its result marker exists, and it is
/// running while its heartbeat is recent. What the platform knows of the process only finds "gone" sooner. A failure that the same data and
/// settings would repeat is remembered. A trainer that ended before the run was done is recorded with the reason.</summary>
public sealed class CheckTrainer(TrainingRunStore runs, ITrainerLauncher launcher, TrainingSlot slot, TimeProvider time)
    : Step<CheckTrainerInput, TrainerCheck>
{
    /// <summary>A trainer whose heartbeat is older than this counts as gone. Before its first heartbeat,
    /// <see cref="TrainerSighting.StartPatience"/> applies.</summary>
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(90);

    /// <summary>Why a trainer ended that was asked to: its host ended in order, or the platform took its machine away.</summary>
    private const string WasAsked = "asked to end, by its host or its platform";

    /// <summary>A heartbeat looks old when the clock was set ahead or the machine slept. A live trainer writes another within this time.</summary>
    private static readonly TimeSpan SecondLookAfter = 2 * TrainingStatus.HeartbeatInterval;

    /// <summary>The clocks of two machines may differ by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>How workflows call it.</summary>
    public static StepRef<CheckTrainerInput, TrainerCheck> Ref { get; } = new(nameof(CheckTrainer), StepRetry.Patient);

    /// <inheritdoc/>
    public override async Task<TrainerCheck> RunAsync(CheckTrainerInput input, CancellationToken cancellationToken)
    {
        (TrainerCheck check, string? reason) = await CheckAsync(input, cancellationToken);
        if (reason is not null)
        {
            var end = new TrainerEnd(input.LaunchedAt, time.GetUtcNow(), check.Status?.Epoch ?? 0, reason, check.Place);
            await runs.AddEndAsync(input.RunId, end, cancellationToken);
        }

        return check;
    }

    /// <summary>Checks the run.</summary>
    /// <returns>Also why the trainer ended, if another one is to continue the run; otherwise null.</returns>
    private async Task<(TrainerCheck Check, string? Reason)> CheckAsync(CheckTrainerInput input, CancellationToken cancellationToken)
    {
        await slot.RenewAsync(input.RunId, cancellationToken);

        // The platform first, the marker last: a trainer that ends in between has written its marker before.
        TrainerSighting sighting = await launcher.LookAsync(input.RunId, cancellationToken);
        TrainingStatus? status = await runs.FindStatusAsync(input.RunId, cancellationToken);
        if (await runs.FindResultAsync(input.RunId, cancellationToken) is not null)
        {
            await runs.ForgetFailureAsync(input.RunId, cancellationToken);
            return (new TrainerCheck(TrainerVerdict.Completed, status, sighting.Place), null);
        }

        bool ofThisStart = status?.HeartbeatAt >= input.LaunchedAt - ClockTolerance;
        if (ofThisStart && status!.State == TrainingState.Failed)
        {
            if (status is { Repeats: true, Error: string error })
                await runs.RememberFailureAsync(input.RunId, error, cancellationToken);
            return (new TrainerCheck(TrainerVerdict.Failed, status, sighting.Place), null);
        }

        if (ofThisStart && status!.State == TrainingState.Stopped)
            return (new TrainerCheck(TrainerVerdict.Stopped, status, sighting.Place), WasAsked);
        if (sighting.IsGone)
        {
            return sighting.WasStopped
                ? (new TrainerCheck(TrainerVerdict.Stopped, status, sighting.Place, sighting.End), WasAsked)
                : (new TrainerCheck(TrainerVerdict.Gone, status, sighting.Place, sighting.End), sighting.End ?? "ended without a result");
        }

        (DateTimeOffset lastSign, TimeSpan patience) =
            ofThisStart ? (status!.HeartbeatAt, StallAfter) : (input.LaunchedAt, sighting.StartPatience);
        bool stalled = time.GetUtcNow() - lastSign > patience && !await BeatsAgainAsync(input.RunId, status, cancellationToken);
        return stalled
            ? (new TrainerCheck(TrainerVerdict.Gone, status, sighting.Place),
                ofThisStart ? $"silent for {patience.TotalSeconds:0} seconds" : $"not begun within {patience.TotalMinutes:0.#} minutes")
            : (new TrainerCheck(TrainerVerdict.Running, status, sighting.Place), null);
    }

    private async Task<bool> BeatsAgainAsync(string runId, TrainingStatus? last, CancellationToken cancellationToken)
    {
        await Task.Delay(SecondLookAfter, time, cancellationToken);
        return (await runs.FindStatusAsync(runId, cancellationToken))?.HeartbeatAt != last?.HeartbeatAt;
    }
}

/// <summary>The input of <see cref="CheckTrainer"/>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="LaunchedAt">When its trainer was last started, UTC. Earlier heartbeats do not count.</param>
public sealed record CheckTrainerInput(string RunId, DateTimeOffset LaunchedAt);

/// <summary>The output of <see cref="CheckTrainer"/>.</summary>
/// <param name="Verdict">The run's state.</param>
/// <param name="Status">The last heartbeat; it may come from an earlier start.</param>
/// <param name="Place"><see cref="TrainerSighting.Place"/>.</param>
/// <param name="End"><see cref="TrainerSighting.End"/> of a trainer that is gone; null in histories of earlier versions.</param>
public sealed record TrainerCheck(TrainerVerdict Verdict, TrainingStatus? Status, string? Place = null, string? End = null);

/// <summary>The states of a run.</summary>
public enum TrainerVerdict
{
    /// <summary>The trainer runs, as far as is known.</summary>
    Running,

    /// <summary>The result marker exists.</summary>
    Completed,

    /// <summary>The training failed permanently.</summary>
    Failed,

    /// <summary>The trainer crashed or is silent. It can restart from its checkpoint.</summary>
    Gone,

    /// <summary>The trainer was asked to stop and did. It can restart from its checkpoint.</summary>
    Stopped,
}
