using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Starts the trainer of a planned run.</summary>
public sealed class LaunchTrainer(ITrainerLauncher launcher, TrainingRunStore runs) : Step<string, bool>
{
    /// <summary>How workflows call it; the input is the run id.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(LaunchTrainer), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await runs.SetStopAsync(input, stop: false, cancellationToken);
        await launcher.StartAsync(input, cancellationToken);
        return true;
    }
}
