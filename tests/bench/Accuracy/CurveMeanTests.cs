using KeypointPipeline.Bench.Accuracy;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Accuracy;

public sealed class CurveMeanTests
{
    [Fact]
    public void Curves_are_averaged_at_the_first_ones_seconds_along_straight_lines()
    {
        CurvePoint[] first = [Point(10, 4), Point(20, 2), Point(40, 1)];
        CurvePoint[] second = [Point(15, 5), Point(25, 3)];

        Assert.Equal([(10, 4.5), (20, 3), (40, 2)], CurveMean.Of([first, second]));
    }

    [Fact]
    public void The_mean_of_one_curve_is_that_curve() =>
        Assert.Equal([(10, 4), (20, 2)], CurveMean.Of([[Point(10, 4), Point(20, 2)]]));

    private static CurvePoint Point(double seconds, double rmse) => new(Epoch: 1, seconds, Images: 1, rmse);
}
