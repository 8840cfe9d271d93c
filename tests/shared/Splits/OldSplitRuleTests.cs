using KeypointPipeline.Datasets;
using KeypointPipeline.Splits;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Splits;

public sealed class OldSplitRuleTests
{
    [Fact]
    public void Old_runs_validated_on_the_rows_that_the_split_keys_choose()
    {
        DatasetKeys keys = SplitExamples.Singles("a", 1, 1000);

        RowPlan plan = OldSplitRule.Plan([keys], validation: null);

        Assert.Equal(keys.SplitKeys.Select(DatasetSplit.IsValidation), plan.Sides("a").Select(side => side == RowSide.Validation));
        Assert.InRange(plan.Count(RowSide.Validation), 70, 130);
        Assert.Equal(0, plan.Count(RowSide.Test));
    }

    [Fact]
    public void Old_runs_with_fewer_than_ten_held_out_rows_trained_on_all()
    {
        RowPlan plan = OldSplitRule.Plan([SplitExamples.Singles("a", 1, 50)], validation: null);

        Assert.Equal(50, plan.Count(RowSide.Training));
    }

    [Fact]
    public void Old_runs_with_a_validation_file_trained_on_all_rows_of_the_data()
    {
        RowPlan plan = OldSplitRule.Plan([SplitExamples.Singles("a", 1, 500)], [SplitExamples.Singles("b", 400, 300)]);

        Assert.Equal((500, 300), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation)));
    }
}
