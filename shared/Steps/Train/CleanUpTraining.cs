using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Cleans up after a terminated training: stops its trainer and releases the training slot, or its place in the line.</summary>
public sealed class CleanUpTraining(ITrainerLauncher launcher, TrainingRunStore runs, TrainingSlot slot) : Step<string, bool>
{
    /// <summary>How the engine calls it; the input is the terminated instance's id, which is also the run id.</summary>
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
