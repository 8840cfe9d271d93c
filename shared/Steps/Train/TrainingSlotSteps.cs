using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Claims the training slot; gives the id of the instance that holds it.</summary>
public sealed class AcquireTrainingSlot(TrainingSlot slot) : Step<string, string>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<string, string> Ref { get; } = new(nameof(AcquireTrainingSlot), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<string> RunAsync(string input, CancellationToken cancellationToken) => slot.AcquireAsync(input, cancellationToken);
}

/// <summary>Gives the training slot back.</summary>
public sealed class ReleaseTrainingSlot(TrainingSlot slot) : Step<string, bool>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<string, bool> Ref { get; } = new(nameof(ReleaseTrainingSlot), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(string input, CancellationToken cancellationToken)
    {
        await slot.ReleaseAsync(input, cancellationToken);
        return true;
    }
}
