namespace KeypointPipeline.Models;

/// <summary>Decides whether a candidate replaces the champion without a person.</summary>
public static class PromotionRule
{
    /// <summary>The candidate's RMSE must be lower than the champion's by at least this share: smaller differences are noise.</summary>
    public const double Margin = 0.005;

    /// <summary>Decides, and makes the candidate the champion where the rule says so and the champion is still the one in the comparison.</summary>
    /// <returns>The decision. Null where the rule said yes but another version became champion meanwhile.</returns>
    /// <exception cref="InvalidDataException">The candidate's bytes are not the published ones.</exception>
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

    /// <summary>Decides on the figures alone.</summary>
    /// <param name="comparison">Both models on the same rows.</param>
    /// <param name="sameSchema">Whether the champion, if any, has the candidate's schema.</param>
    public static PromotionDecision Decide(ModelComparison comparison, bool sameSchema)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.ChampionVersion is not string champion)
            return new PromotionDecision(true, "the first model");
        if (!sameSchema)
            return new PromotionDecision(false, $"its keypoint schema differs from champion {champion}'s: promote it by hand if it is meant to replace it");
        if (comparison.ChampionFault is string fault)
            return new PromotionDecision(false, $"champion {champion} cannot be used to compare it with ({fault.TrimEnd('.')}): promote it by hand if it is meant to replace it");
        if (comparison is not { CandidateRmse: double candidate, ChampionRmse: double current })
            return new PromotionDecision(false, $"there are no validation rows to compare it with champion {champion} on");

        string figures = $"{candidate:0.000} px against champion {champion}'s {current:0.000} px on {comparison.ValidationRows} validation rows";
        return candidate <= current * (1 - Margin)
            ? new PromotionDecision(true, figures)
            : new PromotionDecision(false, $"{figures}; at least {Margin:0.0 %} better is needed");
    }
}

/// <summary>The rule's answer and why.</summary>
public sealed record PromotionDecision(bool Promote, string Reason);
