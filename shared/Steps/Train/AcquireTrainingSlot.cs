using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Claims the training slot and returns the id of the instance that holds it.</summary>
public sealed class AcquireTrainingSlot(TrainingSlot slot) : Step<string, string>
{
    /// <summary>How workflows call it; the input is the training's instance id.</summary>
    public static StepRef<string, string> Ref { get; } = new(nameof(AcquireTrainingSlot), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<string> RunAsync(string input, CancellationToken cancellationToken) => slot.AcquireAsync(input, cancellationToken);
}
