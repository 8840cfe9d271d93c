using KeypointPipeline.Evaluation;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation;

public sealed class RankCorrelationTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 4, 9, 1000 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 8, 7, 3, -4 }, -1)]
    [InlineData(new double[] { 4, 1, 3, 2 }, new double[] { 4, 1, 2, 3 }, 0.8)]
    [InlineData(new double[] { 2, 4, 1, 2 }, new double[] { 2, 4, 1, 3 }, 0.94868329805051377)]
    public void The_order_counts_and_equal_values_share_their_rank(double[] first, double[] second, double expected)
    {
        Assert.Equal(expected, RankCorrelation.Between(first, second)!.Value, 1e-12);
        Assert.Equal(expected, RankCorrelation.Between(second, first)!.Value, 1e-12);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { 3, 3, 3 })]
    public void Without_two_different_values_there_is_none(double[] values) =>
        Assert.Null(RankCorrelation.Between(values, [.. values.Select((_, i) => (double)i)]));
}
