using Xunit;

namespace KeypointPipeline.Bench.Tests;

public sealed class BenchReportTests
{
    [Fact]
    public void A_figure_is_the_median_of_its_runs_between_the_fastest_and_the_slowest() =>
        Assert.Equal(new BenchRow("a step", 3, 1, 9, "ms"), BenchRow.Of("a step", "ms", [9, 1, 3, 2, 4]));

    [Theory]
    [InlineData(1.0, 1.0, false, true)]
    [InlineData(1.1, 1.0, false, false)]
    [InlineData(1.1, 1.0, true, true)]
    [InlineData(0.9, 1.0, true, false)]
    [InlineData(double.NaN, 1.0, false, false)]
    public void A_report_holds_where_all_its_promises_are_kept(double figure, double bar, bool isFloor, bool holds)
    {
        var report = new BenchReport("any", "a machine", [], [new BenchBar("kept", 0, 1), new BenchBar("this one", figure, bar, isFloor)]);

        Assert.Equal(holds, report.Holds);
    }
}
