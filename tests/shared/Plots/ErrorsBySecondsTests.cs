using KeypointPipeline.Plots;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Plots;

public sealed class ErrorsBySecondsTests
{
    [Fact]
    public void Each_kind_has_its_name_with_the_mean_of_its_lowest_errors()
    {
        var chart = new ErrorsBySeconds(
        [
            new("pioneer", 0, [new(1, 9), new(100, 4)], [[new(1, 9), new(100, 4)], [new(1, 9), new(100, 3)]]),
            new("default", 3, [new(1, 5), new(100, 2)], [[new(1, 5), new(100, 2)]]),
        ]);

        string[] texts = ChartSvg.Texts(chart.ToSvg(PlotTheme.Light));

        Assert.Contains("pioneer, lowest 3.50 px", texts);
        Assert.Contains("default, lowest 2.00 px", texts);
    }

    [Fact]
    public void Both_axes_are_logarithmic_with_round_marks()
    {
        string[] texts = ChartSvg.Texts(new ErrorsBySeconds([new("a", 0, [new(1, 10), new(100, 2)], [[new(1, 10), new(100, 2)]])]).ToSvg(PlotTheme.Light));

        Assert.Subset(texts.ToHashSet(), (HashSet<string>)["1", "2", "5", "10", "20", "50", "100", "2.5", "4", "8", "Training seconds", "Validation error, px"]);
    }
}
