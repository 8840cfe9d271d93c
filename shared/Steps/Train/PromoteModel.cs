using KeypointPipeline.Models;
using KeypointPipeline.Port;

namespace KeypointPipeline.Steps.Train;

/// <summary>Applies the promotion rule to a published version, and makes it the champion if the rule says so.</summary>
public sealed class PromoteModel(ModelRegistry models) : Step<PromoteModelInput, PromotionDecision>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PromoteModelInput, PromotionDecision> Ref { get; } = new(nameof(PromoteModel), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<PromotionDecision> RunAsync(PromoteModelInput input, CancellationToken cancellationToken)
    {
        ModelManifest candidate = await models.FindAsync(input.Version, cancellationToken) ?? throw new ModelNotFoundException(input.Version);
        return await PromotionRule.ApplyAsync(models, candidate, input.Comparison, cancellationToken)
            ?? new PromotionDecision(false, "another version became champion during the comparison; promote this version by hand or retrain");
    }
}

/// <summary>The input of <see cref="PromoteModel"/>.</summary>
/// <param name="Version">The published version.</param>
/// <param name="Comparison">Its comparison with the champion at that time.</param>
public sealed record PromoteModelInput(string Version, ModelComparison Comparison);
