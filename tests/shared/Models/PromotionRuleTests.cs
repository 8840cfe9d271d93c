using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class PromotionRuleTests
{
    private static readonly ModelManifest Champion = Model("v1", "f1", "ds-1");
    private static readonly ModelManifest SameRows = Model("v2", "f1", "ds-1");
    private static readonly ModelManifest MoreRows = Model("v2", "f2", "ds-1", "ds-2");
    private static readonly ModelManifest Corrected = Model("v2", "f3", "ds-3");

    [Theory]
    [InlineData(0.93, 0.90, 0.97, true, "better at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 0.93, 0.90 to 0.97)")]
    [InlineData(0.989, 0.95, 1.001, false, "trained on the same data as champion v1 and not better at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 0.99, 0.95 to 1.00)")]
    [InlineData(1.1, 1.05, 1.15, false, "trained on the same data as champion v1 and not better at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 1.10, 1.05 to 1.15)")]
    public void On_the_same_rows_only_a_better_model_is_promoted(double ratio, double low, double high, bool promoted, string reason) =>
        Assert.Equal(new PromotionDecision(promoted, reason, PromotionCase.SameRows), Decide(SameRows, Measured(ratio, low, high)));

    [Theory]
    [InlineData(1.02, 0.99, 1.05, true, "the data changed, and not worse by more than 1 % at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 1.02, 0.99 to 1.05)")]
    [InlineData(0.99, 0.95, 1.03, true, "the data changed, and not worse by more than 1 % at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 0.99, 0.95 to 1.03)")]
    [InlineData(1.1, 1.02, 1.2, false, "the data changed, but worse by more than 1 % at 95 %: 1.312 px against 1.405 px on 290 test rows of 24 groups (ratio 1.10, 1.02 to 1.20)")]
    public void With_changed_rows_a_model_is_promoted_unless_it_is_measurably_worse(double ratio, double low, double high, bool promoted, string reason) =>
        Assert.Equal(new PromotionDecision(promoted, reason, PromotionCase.ChangedRows), Decide(MoreRows, Measured(ratio, low, high)));

    [Theory]
    [InlineData(1.02, 0.99, 1.05, true)]
    [InlineData(1.1, 1.02, 1.2, false)]
    public void A_champion_that_learned_from_withdrawn_data_is_replaced_unless_the_new_model_is_measurably_worse(double ratio, double low, double high, bool promoted)
    {
        PromotionDecision decision = Decide(Corrected, Measured(ratio, low, high));

        Assert.Equal((promoted, PromotionCase.WithdrawnData), (decision.Promote, decision.Case!.Value));
        Assert.StartsWith("champion v1 learned from data that were withdrawn or replaced, ", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29, 29)]
    [InlineData(290, 9)]
    [InlineData(0, 0)]
    [InlineData(null, null)]
    public void Without_enough_test_rows_the_newer_data_win_and_the_same_data_keep_the_champion(int? rows, int? components)
    {
        ModelComparison comparison = Measured(0.5, 0.4, 0.6) with { TestRows = rows, TestComponents = components };

        PromotionDecision same = Decide(SameRows, comparison);
        PromotionDecision more = Decide(MoreRows, comparison);
        PromotionDecision corrected = Decide(Corrected, comparison);

        Assert.Equal((false, PromotionCase.NotMeasured), (same.Promote, same.Case!.Value));
        Assert.Contains("the same data keep champion v1", same.Reason, StringComparison.Ordinal);
        Assert.StartsWith("not measured", same.Reason, StringComparison.Ordinal);
        Assert.Equal((true, PromotionCase.NotMeasured), (more.Promote, more.Case!.Value));
        Assert.Contains("the data changed, and the newer data win", more.Reason, StringComparison.Ordinal);
        Assert.True(corrected.Promote);
        Assert.DoesNotContain("better", more.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_test_rows_are_counted_in_the_reason() => Assert.Equal(
        "not measured: 29 test rows of 12 groups (30 of 10 are needed); the same data keep champion v1; 1.312 px against 1.405 px is no evidence",
        Decide(SameRows, Measured(0.5, 0.4, 0.6) with { TestRows = 29, TestComponents = 12 }).Reason);

    [Fact]
    public void The_first_model_is_promoted_whatever_its_error()
    {
        var measured = new ModelComparison(250, 1.312, null, null, null, TestRows: 290, TestComponents: 24);
        var unmeasured = new ModelComparison(0, null, null, null, null, TestRows: 0, TestComponents: 0);

        Assert.Equal(
            new PromotionDecision(true, "the first model, 1.312 px on 290 test rows of 24 groups", PromotionCase.FirstModel),
            PromotionRule.Decide(SameRows, champion: null, measured));
        Assert.Equal(
            "the first model, not measured: there are no test rows (30 of 10 groups are needed)",
            PromotionRule.Decide(SameRows, champion: null, unmeasured).Reason);
    }

    [Fact]
    public void Without_a_common_yardstick_a_person_decides()
    {
        ModelComparison comparison = Measured(0.5, 0.4, 0.6);
        ModelManifest paws = MoreRows with { Schema = new KeypointSchema(["paw"], 96, 96) };

        PromotionDecision otherSchema = Decide(paws, comparison with { ChampionRmse = null, Ratio = null });
        PromotionDecision broken = Decide(MoreRows, comparison with { ChampionRmse = null, Ratio = null, ChampionFault = "its bytes changed." });
        PromotionDecision gone = PromotionRule.Decide(MoreRows, champion: null, comparison);

        Assert.All([otherSchema, broken, gone], decision => Assert.Equal((false, PromotionCase.NotComparable), (decision.Promote, decision.Case!.Value)));
        Assert.Contains("by hand", otherSchema.Reason, StringComparison.Ordinal);
        Assert.Equal("champion v1 cannot be used for the comparison (its bytes changed); promote the new version by hand to replace it", broken.Reason);
        Assert.Equal("champion v1 is no longer published; promote the new version by hand to replace it", gone.Reason);
    }

    /// <summary>Such comparisons are in journals of running instances and in manifests of commit 685cd15.</summary>
    [Fact]
    public void A_comparison_of_an_earlier_version_is_no_evidence_of_test_rows()
    {
        var comparison = PipelineJson.Read<ModelComparison>(
            """{"validationRows":9,"candidateRmse":0.932,"championVersion":"v1","championRmse":1.2}""");

        PromotionDecision same = Decide(SameRows, comparison);
        PromotionDecision more = Decide(MoreRows, comparison);

        Assert.Equal(
            new PromotionDecision(
                false,
                "not measured on test rows; the same data keep champion v1; 0.932 px against 1.200 px is no evidence",
                PromotionCase.NotMeasured),
            same);
        Assert.True(more.Promote);
        Assert.Equal("0.932 px on 9 validation rows", comparison.DescribeCandidate());
    }

    private static PromotionDecision Decide(ModelManifest candidate, ModelComparison comparison) =>
        PromotionRule.Decide(candidate, Champion, comparison);

    private static ModelComparison Measured(double ratio, double low, double high) =>
        new(250, 1.312, null, "v1", 1.405, TestRows: 290, TestComponents: 24, Ratio: new ErrorRatio(ratio, low, high));

    private static ModelManifest Model(string version, string fingerprint, params string[] datasets) =>
        ModelExamples.Manifest(version, [1], fingerprint) with { DatasetIds = datasets };
}
