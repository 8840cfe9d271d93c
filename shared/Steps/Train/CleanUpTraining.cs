using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Cleans up after a terminated training: stops its trainer and releases the training slot, or its place in the line.</summary>
public sealed class CleanUpTraining(ITrainerLauncher launcher, TrainingRunStore runs, TrainingSlot slot)
    : Step<TerminatedInstance, bool>
{
    /// <summary>How the engine calls it; the id of the terminated instance is also the run id.</summary>
    public static StepRef<TerminatedInstance, bool> Ref { get; } = new(nameof(CleanUpTraining), StepRetry.Default);

    /// <returns>Whether the training had the slot or a place in the line.</returns>
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        string runId = input.InstanceId;
        if (await runs.FindRequestAsync(runId, cancellationToken) is not null)
        {
            await runs.SetStopAsync(runId, stop: true, cancellationToken);
            await launcher.StopAsync(runId, cancellationToken);
        }

        return await slot.ReleaseAsync(runId, cancellationToken);
    }
}
