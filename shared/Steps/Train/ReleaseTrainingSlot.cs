using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Releases the training slot if the instance holds it.</summary>
public sealed class ReleaseTrainingSlot(TrainingSlot slot) : Step<string, bool>
{
    /// <summary>How workflows call it; the input is the training's instance id.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(ReleaseTrainingSlot), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await slot.ReleaseAsync(input, cancellationToken);
        return true;
    }
}
