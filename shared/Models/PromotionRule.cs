namespace KeypointPipeline.Models;

/// <summary>Decides, without a person, whether a candidate replaces the champion.</summary>
public static class PromotionRule
{
    /// <summary>The candidate's RMSE must be lower than the champion's by at least this share. Smaller differences are noise.</summary>
    public const double Margin = 0.005;

    /// <summary>Decides, and promotes the candidate if the rule accepts it and the champion is still the version in the
    /// comparison.</summary>
    /// <returns>The decision; null if the rule accepted the candidate but another version became champion in the meantime.</returns>
    /// <exception cref="InvalidDataException">The candidate's blob is missing, or its bytes differ from the published bytes.</exception>
    public static async Task<PromotionDecision?> ApplyAsync(
        ModelRegistry models, ModelManifest candidate, ModelComparison comparison, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(comparison);
        ModelManifest? champion = comparison.ChampionVersion is string version ? await models.FindAsync(version, cancellationToken) : null;
        PromotionDecision decision = Decide(comparison, champion?.Schema.Equals(candidate.Schema) ?? false);
        bool stands = !decision.Promote
            || await models.TryPromoteAsync(candidate.Version, comparison.ChampionVersion, decision.Reason, cancellationToken);
        return stands ? decision : null;
    }

    /// <summary>Decides from the comparison alone. Changes nothing.</summary>
    /// <param name="comparison">Errors of both models on the same rows.</param>
    /// <param name="sameSchema">Whether the champion has the candidate's schema. Ignored if there is no champion.</param>
    public static PromotionDecision Decide(ModelComparison comparison, bool sameSchema)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.ChampionVersion is not string champion)
            return new PromotionDecision(true, "the first model");
        if (!sameSchema)
            return new PromotionDecision(false, $"its keypoint schema differs from that of champion {champion}; promote it by hand to replace the champion");
        if (comparison.ChampionFault is string fault)
        {
            return new PromotionDecision(
                false, $"champion {champion} cannot be used for the comparison ({fault.TrimEnd('.')}); promote the new version by hand to replace it");
        }

        if (comparison is not { CandidateRmse: double candidate, ChampionRmse: double current })
            return new PromotionDecision(false, $"there are no validation rows for a comparison with champion {champion}");

        string figures = $"{candidate:0.000} px against champion {champion}'s {current:0.000} px on {comparison.ValidationRows} validation rows";
        return candidate <= current * (1 - Margin)
            ? new PromotionDecision(true, figures)
            : new PromotionDecision(false, $"{figures}; at least {Margin:0.0 %} better is needed");
    }
}

/// <summary>The decision of <see cref="PromotionRule"/>.</summary>
/// <param name="Promote">Whether the candidate replaces the champion.</param>
/// <param name="Reason">Why, as part of a sentence without a full stop.</param>
public sealed record PromotionDecision(bool Promote, string Reason);
