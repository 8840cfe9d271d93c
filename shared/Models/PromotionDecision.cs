namespace KeypointPipeline.Models;

/// <summary>The decision of <see cref="PromotionRule"/>.</summary>
/// <param name="Promote">Whether the candidate replaces the champion.</param>
/// <param name="Reason">Rule, figures and row counts, as part of a sentence without a full stop.</param>
/// <param name="Case">The case of the rule that applied; null in decisions of earlier versions.</param>
public sealed record PromotionDecision(bool Promote, string Reason, PromotionCase? Case = null);

/// <summary>The cases of <see cref="PromotionRule"/>.</summary>
public enum PromotionCase
{
    /// <summary>There is no champion.</summary>
    FirstModel,

    /// <summary>Both models learned from the same rows: the candidate must be better at 95 %.</summary>
    SameRows,

    /// <summary>The rows changed: the candidate must not be worse by more than 1 % at 95 %.</summary>
    ChangedRows,

    /// <summary>The champion learned from data that were withdrawn or replaced. The condition is that of
    /// <see cref="ChangedRows"/>.</summary>
    WithdrawnData,

    /// <summary>Too few test rows: newer data win, and the same data keep the champion.</summary>
    NotMeasured,

    /// <summary>The champion cannot be compared with the candidate, so a person decides.</summary>
    NotComparable,
}
