namespace KeypointPipeline.Models;

/// <summary>Decides whether a candidate replaces the champion by itself.</summary>
public static class PromotionRule
{
    /// <summary>The candidate's RMSE must be lower than the champion's by at least this share: smaller differences are noise.</summary>
    public const double Margin = 0.005;

    /// <summary>Applies the rule.</summary>
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
