using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Starts the trainer of a planned run.</summary>
public sealed class LaunchTrainer(ITrainerLauncher launcher, TrainingRunStore runs) : Step<string, bool>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(LaunchTrainer), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await runs.SetStopAsync(input, stop: false, cancellationToken);
        await launcher.StartAsync(input, cancellationToken);
        return true;
    }
}

/// <summary>Ends the trainer of a run, whatever it is doing: what it saved stays.</summary>
public sealed class StopTrainer(ITrainerLauncher launcher) : Step<string, bool>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(StopTrainer), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await launcher.StopAsync(input, cancellationToken);
        return true;
    }
}

/// <summary>After a training workflow was terminated: stops its trainer and gives its turn to the next.</summary>
public sealed class CleanUpTraining(ITrainerLauncher launcher, TrainingRunStore runs, TrainingSlot slot) : Step<string, bool>
{
    /// <summary>How the engine calls it.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(CleanUpTraining), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        if (await runs.FindRequestAsync(input, cancellationToken) is not null)
        {
            await runs.SetStopAsync(input, stop: true, cancellationToken);
            await launcher.StopAsync(input, cancellationToken);
        }

        await slot.ReleaseAsync(input, cancellationToken);
        return true;
    }
}
