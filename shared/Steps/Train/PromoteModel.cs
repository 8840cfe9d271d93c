using KeypointPipeline.Models;
using KeypointPipeline.Port;

namespace KeypointPipeline.Steps.Train;

/// <summary>Applies the promotion rule to a published version and moves the champion pointer if it says so.</summary>
public sealed class PromoteModel(ModelRegistry models) : Step<PromoteModelInput, PromotionDecision>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PromoteModelInput, PromotionDecision> Ref { get; } = new(nameof(PromoteModel), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<PromotionDecision> RunAsync(PromoteModelInput input, CancellationToken cancellationToken)
    {
        ModelManifest candidate = await models.FindAsync(input.Version, cancellationToken) ?? throw new ModelNotFoundException(input.Version);
        return await PromotionRule.ApplyAsync(models, candidate, input.Comparison, cancellationToken)
            ?? new PromotionDecision(false, "another version became champion while this one was compared; promote it by hand or retrain");
    }
}

/// <summary>Which version, and how it compared with the champion of the time.</summary>
public sealed record PromoteModelInput(string Version, ModelComparison Comparison);
