using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Ends the trainer of a run at once. Its saved checkpoint stays.</summary>
public sealed class StopTrainer(ITrainerLauncher launcher) : Step<string, bool>
{
    /// <summary>How workflows call it; the input is the run id.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(StopTrainer), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await launcher.StopAsync(input, cancellationToken);
        return true;
    }
}
