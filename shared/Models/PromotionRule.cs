using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Models;

/// <summary>Decides, without a person, whether a candidate replaces the champion. All claims hold with 95 % confidence, so that luck does
/// not promote a model.</summary>
public static class PromotionRule
{
    /// <summary>A candidate with changed rows may be worse than the champion by this share, because its rows are the ones that count
    /// now.</summary>
    public const double Tolerance = 0.01;

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
        PromotionDecision decision = await DecideAsync(models, candidate, comparison, cancellationToken);
        bool stands = !decision.Promote
            || await models.TryPromoteAsync(candidate.Version, comparison.ChampionVersion, decision.Reason, cancellationToken);
        return stands ? decision : null;
    }

    /// <summary>Reads the champion's manifest and decides. Changes nothing.</summary>
    public static async Task<PromotionDecision> DecideAsync(
        ModelRegistry models, ModelManifest candidate, ModelComparison comparison, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(comparison);
        ModelManifest? champion = comparison.ChampionVersion is string version ? await models.FindAsync(version, cancellationToken) : null;
        return Decide(candidate, champion, comparison);
    }

    /// <summary>Decides from what is known of both models. Changes nothing.</summary>
    /// <param name="candidate">The candidate; its own comparison is ignored.</param>
    /// <param name="champion">The champion of the comparison; null if there is none or it is not published.</param>
    /// <param name="comparison">Errors of both models on the same rows.</param>
    public static PromotionDecision Decide(ModelManifest candidate, ModelManifest? champion, ModelComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.ChampionVersion is not string version)
            return new PromotionDecision(true, $"the first model, {comparison.DescribeCandidate()}", PromotionCase.FirstModel);
        if (FindObstacle(candidate, champion, version, comparison) is string obstacle)
            return new PromotionDecision(false, obstacle, PromotionCase.NotComparable);

        PromotionCase rows = RowsCase(candidate, champion!);
        return comparison is { IsMeasured: true, Ratio: ErrorRatio ratio, ChampionRmse: not null }
            ? Decide(rows, ratio, version, Figures(comparison, ratio))
            : NotMeasured(rows, version, comparison);
    }

    /// <summary>Gets whether a candidate can be compared with a champion: it predicts the champion's keypoints in the same
    /// frame.</summary>
    public static bool AreComparable(KeypointSchema candidate, KeypointSchema champion)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(champion);
        return champion.FrameWidth == candidate.FrameWidth && champion.FrameHeight == candidate.FrameHeight
            && KeypointMatch.Between(champion, candidate).OnlyInSource.Count == 0;
    }

    private static string? FindObstacle(ModelManifest candidate, ModelManifest? champion, string version, ModelComparison comparison) =>
        champion is null ? $"champion {version} is no longer published; promote the new version by hand to replace it"
        : !AreComparable(candidate.Schema, champion.Schema)
            ? $"its keypoint schema differs from that of champion {version}; promote it by hand to replace the champion"
        : comparison.ChampionFault is string fault
            ? $"champion {version} cannot be used for the comparison ({fault.TrimEnd('.')}); promote the new version by hand to replace it"
        : null;

    private static PromotionCase RowsCase(ModelManifest candidate, ModelManifest champion) =>
        candidate.DataFingerprint == champion.DataFingerprint ? PromotionCase.SameRows
        : champion.DatasetIds.Except(candidate.DatasetIds, StringComparer.Ordinal).Any() ? PromotionCase.WithdrawnData
        : PromotionCase.ChangedRows;

    private static PromotionDecision Decide(PromotionCase rows, ErrorRatio ratio, string champion, string figures)
    {
        bool promote = rows == PromotionCase.SameRows ? ratio.High < 1 : ratio.Low <= 1 + Tolerance;
        string conclusion = (rows, promote) switch
        {
            (PromotionCase.SameRows, true) => "better at 95 %",
            (PromotionCase.SameRows, false) => $"trained on the same data as champion {champion} and not better at 95 %",
            (_, true) => $"{Change(rows, champion)}, and not worse by more than {Tolerance:0 %} at 95 %",
            _ => $"{Change(rows, champion)}, but worse by more than {Tolerance:0 %} at 95 %",
        };
        return new PromotionDecision(promote, $"{conclusion}: {figures}", rows);
    }

    private static PromotionDecision NotMeasured(PromotionCase rows, string champion, ModelComparison comparison)
    {
        bool promote = rows != PromotionCase.SameRows;
        string conclusion = promote ? $"{Change(rows, champion)}, and the newer data win" : $"the same data keep champion {champion}";
        string figures = comparison is { CandidateRmse: double candidate, ChampionRmse: double current }
            ? $"; {candidate:0.000} px against {current:0.000} px is no evidence"
            : "";
        string shortage = comparison.IsMeasured ? $"not compared on {comparison.DescribeRows()}" : comparison.DescribeShortage();
        return new PromotionDecision(promote, $"{shortage}; {conclusion}{figures}", PromotionCase.NotMeasured);
    }

    private static string Change(PromotionCase rows, string champion) => rows == PromotionCase.WithdrawnData
        ? $"champion {champion} learned from data that were withdrawn or replaced"
        : "the data changed";

    private static string Figures(ModelComparison comparison, ErrorRatio ratio) =>
        $"{comparison.CandidateRmse:0.000} px against {comparison.ChampionRmse:0.000} px on {comparison.DescribeRows()} "
        + $"(ratio {ratio.Value:0.00}, {ratio.Low:0.00} to {ratio.High:0.00})"
        + (comparison.CandidateWholeRmse is double whole ? $", over the keypoints that both predict; {whole:0.000} px over all of its own" : "");
}
