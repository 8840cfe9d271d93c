using KeypointPipeline.Models;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class PromotionRuleTests
{
    [Theory]
    [InlineData(1.50, 1.60, true)]
    [InlineData(1.592, 1.60, true)]
    [InlineData(1.5921, 1.60, false)]
    [InlineData(1.60, 1.60, false)]
    [InlineData(1.70, 1.60, false)]
    public void A_candidate_is_promoted_only_when_better_by_the_margin(double candidate, double champion, bool promoted)
    {
        PromotionDecision decision = PromotionRule.Decide(new ModelComparison(300, candidate, null, "v1", champion), sameSchema: true);

        Assert.Equal(promoted, decision.Promote);
        Assert.Contains("v1", decision.Reason, StringComparison.Ordinal);
        Assert.Contains("300 validation rows", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_model_is_promoted_whatever_its_error()
    {
        Assert.True(PromotionRule.Decide(new ModelComparison(0, null, null, null, null), sameSchema: false).Promote);
    }

    [Fact]
    public void Without_a_common_yardstick_a_person_decides()
    {
        PromotionDecision otherSchema = PromotionRule.Decide(new ModelComparison(10, 1, null, "v1", null), sameSchema: false);
        PromotionDecision broken = PromotionRule.Decide(new ModelComparison(10, 1, null, "v1", null, "its bytes changed."), sameSchema: true);
        PromotionDecision noRows = PromotionRule.Decide(new ModelComparison(0, null, null, "v1", null), sameSchema: true);

        Assert.False(otherSchema.Promote);
        Assert.Contains("by hand", otherSchema.Reason, StringComparison.Ordinal);
        Assert.False(broken.Promote);
        Assert.Equal("champion v1 cannot be used for the comparison (its bytes changed); promote the new version by hand to replace it", broken.Reason);
        Assert.False(noRows.Promote);
        Assert.Contains("no validation rows", noRows.Reason, StringComparison.Ordinal);
    }
}
