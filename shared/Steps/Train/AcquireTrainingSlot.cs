using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Claims the training slot, or takes a place in the line. Says whose turn it is and when to ask again.</summary>
public sealed class AcquireTrainingSlot(TrainingSlot slot) : Step<string, TrainingTurn>
{
    /// <summary>How workflows call it; the input is the training's instance id.</summary>
    public static StepRef<string, TrainingTurn> Ref { get; } = new(nameof(AcquireTrainingSlot), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<TrainingTurn> RunAsync(string input, CancellationToken cancellationToken) => slot.AcquireAsync(input, cancellationToken);
}
