using System.Xml.Linq;
using KeypointPipeline.Plots;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Plots;

public sealed class LearningCurveTests
{
    private static readonly LearningCurve Falling = new([.. Enumerable.Range(1, 40).Select(i => new LearningEpoch(i, 10.0 / i, 1.5 + (30.0 / (i * i)) + (i > 30 ? 0.01 * (i - 30) : 0)))]);

    [Fact]
    public void The_title_names_the_best_epoch_and_its_error()
    {
        Assert.Equal(30, Falling.Best!.Epoch);
        Assert.Equal("The validation error is lowest after epoch 30: 1.53 px", Falling.Title);
        Assert.Equal(Falling.Title, XDocument.Parse(Falling.ToSvg(PlotTheme.Light)).Root!.Element(ChartSvg.Name("title"))!.Value);
    }

    [Fact]
    public void Both_axes_are_named_with_their_units_and_the_cut_is_stated()
    {
        string[] texts = ChartSvg.Texts(Falling.ToSvg(PlotTheme.Light));

        Assert.Contains("Epoch", texts);
        Assert.Contains("Validation error, px", texts);
        Assert.Contains("Training loss", texts);
        Assert.Contains("Larger values of early epochs are above the frame", texts);
    }

    [Fact]
    public void A_curve_that_fits_states_no_cut() => Assert.DoesNotContain(
        "Larger values of early epochs are above the frame",
        ChartSvg.Texts(new LearningCurve([new(1, 3, 5), new(2, 2, 4)]).ToSvg(PlotTheme.Light)));

    [Fact]
    public void Epochs_without_a_finite_validation_error_are_passed_over()
    {
        var curve = new LearningCurve([new(1, 3, null), new(2, double.NaN, 4), new(3, 1, double.NaN), new(4, double.PositiveInfinity, 5), new(5, 1, double.NegativeInfinity)]);

        Assert.Equal(2, curve.Best!.Epoch);
        Assert.Contains("4.00 px", curve.ToSvg(PlotTheme.Light), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_validation_the_loss_is_shown_alone()
    {
        var curve = new LearningCurve([new(1, 3, null), new(2, 2, null)]);

        Assert.Null(curve.Best);
        string[] texts = ChartSvg.Texts(curve.ToSvg(PlotTheme.Light));
        Assert.Contains("Training loss by epoch; no epoch was validated", texts);
        Assert.DoesNotContain("Validation error, px", texts);
    }

    [Theory]
    [InlineData(2.0, 1.0)]
    [InlineData(2.0, 2.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(null, null)]
    public void One_epoch_and_equal_epochs_are_drawn(double? loss, double? error)
    {
        foreach (int epochs in (int[])[1, 2, 5])
        {
            var curve = new LearningCurve([.. Enumerable.Range(1, epochs).Select(i => new LearningEpoch(i, loss, error))]);
            Assert.Equal(1, ChartSvg.Texts(curve.ToSvg(PlotTheme.Light)).Count(text => text == "Epoch"));
            using var picture = SKBitmap.Decode(curve.ToPng(PlotTheme.Light));
            Assert.Equal((curve.Width * Chart.PngScale, curve.Height * Chart.PngScale), (picture.Width, picture.Height));
        }
    }

    [Fact]
    public void The_best_epoch_is_marked_in_the_colour_of_what_is_best()
    {
        Assert.Contains("#17693F", Falling.ToSvg(PlotTheme.Light), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("#17693F", new LearningCurve([new(1, 3, null), new(2, 2, null)]).ToSvg(PlotTheme.Light), StringComparison.OrdinalIgnoreCase);
    }
}
