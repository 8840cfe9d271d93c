using System.Text.Json.Serialization;

namespace KeypointPipeline.Models;

/// <summary>A candidate's error, and the error of the champion at that time on the same rows. RMSE covers all coordinates that are
/// labelled and that both models predict, in frame pixels. A model of an earlier version was compared on validation rows; its
/// <paramref name="TestRows"/> are null.</summary>
/// <param name="ValidationRows">Number of validation rows.</param>
/// <param name="CandidateRmse">RMSE of the candidate; null if no row is labelled.</param>
/// <param name="CandidateNme">The candidate's mean error ÷ inter-ocular distance; null if the schema has no eye centres.</param>
/// <param name="ChampionVersion">Version of the champion; null if there was no champion.</param>
/// <param name="ChampionRmse">RMSE of the champion; null if there was no champion, it has another schema, or it cannot be used.</param>
/// <param name="ChampionFault">Why the champion cannot be used; null if it can.</param>
/// <param name="TestRows">Number of labelled test rows that the errors were measured on. Neither model saw them before.</param>
/// <param name="TestComponents">Number of components of these rows. Rows that share a person or a picture are one component.</param>
/// <param name="Ratio">The candidate's error ÷ the champion's, with bounds; null if there was nothing to compare or too few
/// components.</param>
/// <param name="CandidateWholeRmse">RMSE of the candidate over all its keypoints; null if <paramref name="CandidateRmse"/> covers them
/// all.</param>
public sealed record ModelComparison(
    int ValidationRows,
    double? CandidateRmse,
    double? CandidateNme,
    string? ChampionVersion,
    double? ChampionRmse,
    string? ChampionFault = null,
    int? TestRows = null,
    int? TestComponents = null,
    ErrorRatio? Ratio = null,
    double? CandidateWholeRmse = null)
{
    /// <summary>Fewer test rows than this do not measure a model.</summary>
    public const int LeastTestRows = 30;

    /// <summary>Test rows of fewer components than this do not measure a model.</summary>
    public const int LeastTestComponents = 10;

    /// <summary>Gets whether there are enough test rows to measure a model.</summary>
    [JsonIgnore]
    public bool IsMeasured => CandidateRmse is not null && AreEnough(TestRows, TestComponents);

    /// <summary>Gets whether test rows are enough to measure a model.</summary>
    /// <param name="rows">Number of labelled test rows, or null for none.</param>
    /// <param name="components">Number of their components, or null for none.</param>
    public static bool AreEnough(int? rows, int? components) => rows >= LeastTestRows && components >= LeastTestComponents;

    /// <summary>Describes the candidate's error and the rows, for example <c>1.312 px on 290 test rows of 24 groups</c>.</summary>
    public string DescribeCandidate() =>
        TestRows is null
            ? CandidateRmse is double earlier ? $"{earlier:0.000} px on {ValidationRows:N0} validation rows" : "not measured: no validation rows"
            : IsMeasured ? $"{CandidateWholeRmse ?? CandidateRmse:0.000} px on {DescribeRows()}"
            : $"{DescribeShortage()}";

    /// <summary>Describes the test rows, for example <c>290 test rows of 24 groups</c>.</summary>
    internal string DescribeRows() => $"{TestRows ?? 0:N0} test rows of {TestComponents ?? 0:N0} groups";

    /// <summary>Says that the test rows do not measure a model, and how many would.</summary>
    internal string DescribeShortage() => TestRows switch
    {
        null => "not measured on test rows",
        0 => $"not measured: there are no test rows ({LeastTestRows} of {LeastTestComponents} groups are needed)",
        _ => $"not measured: {DescribeRows()} ({LeastTestRows} of {LeastTestComponents} are needed)",
    };
}
