namespace KeypointPipeline.Keypoints;

/// <summary>The keypoints of a model whose predictions are missing or not calibrated, because too few labels say where they are.</summary>
public sealed class LabelGaps : IEquatable<LabelGaps>
{
    /// <summary>With fewer labelled validation rows than this, the uncertainty of a keypoint is not calibrated.</summary>
    public const int FewestLabels = 20;

    /// <summary>Creates the record of a model.</summary>
    /// <param name="unlabelled">Names of keypoints that no training row labels. The model does not predict them.</param>
    /// <param name="uncalibrated">Names of predicted keypoints whose uncertainty is not calibrated: fewer than <see cref="FewestLabels"/> validation rows label
    /// them.</param>
    public LabelGaps(IReadOnlyList<string> unlabelled, IReadOnlyList<string> uncalibrated)
    {
        ArgumentNullException.ThrowIfNull(unlabelled);
        ArgumentNullException.ThrowIfNull(uncalibrated);
        Unlabelled = [.. unlabelled];
        Uncalibrated = [.. uncalibrated];
    }

    /// <summary>A model that predicts and calibrates every keypoint.</summary>
    public static LabelGaps None { get; } = new([], []);

    /// <summary>Names of keypoints that no training row labels, in schema order.</summary>
    public IReadOnlyList<string> Unlabelled { get; }

    /// <summary>Names of predicted keypoints whose uncertainty is not calibrated, in schema order.</summary>
    public IReadOnlyList<string> Uncalibrated { get; }

    /// <inheritdoc/>
    public bool Equals(LabelGaps? other) =>
        other is not null && Unlabelled.SequenceEqual(other.Unlabelled) && Uncalibrated.SequenceEqual(other.Uncalibrated);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelGaps);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Unlabelled.Count, Uncalibrated.Count);

    /// <summary>Describes the gaps as one sentence each, for people.</summary>
    /// <param name="hasUncertainty">Whether the model predicts uncertainties.</param>
    public IEnumerable<string> Describe(bool hasUncertainty)
    {
        if (Unlabelled.Count > 0)
            yield return $"No row labels {Names(Unlabelled)}: the model does not predict {Them(Unlabelled)}, and the columns stay empty.";
        if (hasUncertainty && Uncalibrated.Count > 0)
            yield return $"The uncertainty of {Names(Uncalibrated)} is not calibrated: fewer than {FewestLabels} validation rows label {Them(Uncalibrated)}.";
    }

    private static string Them(IReadOnlyList<string> names) => names.Count == 1 ? "it" : "them";

    private static string Names(IReadOnlyList<string> names)
    {
        const int Shown = 5;
        return names.Count <= Shown
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Shown))} and {names.Count - Shown:N0} more";
    }
}
