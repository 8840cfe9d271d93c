using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace KeypointPipeline.Plots;

/// <summary>The errors of a keypoint.</summary>
/// <param name="Keypoint">Its name: any text.</param>
/// <param name="Labels">Number of labels that it was measured on.</param>
/// <param name="First">Root mean squared error per coordinate of the first model, pixels of the frame; null or not finite without one.</param>
/// <param name="Second">The same of the second model; null with one model.</param>
public sealed record KeypointBar(string Keypoint, int Labels, double? First, double? Second = null);

/// <summary>Errors keypoint by keypoint, as horizontal bars of one model or of two. The height grows with the number of keypoints.</summary>
/// <param name="Keypoints">The keypoints from top to bottom, at least one.</param>
/// <param name="FirstModel">Name of the first model.</param>
/// <param name="SecondModel">Name of the second model; null if there is one model.</param>
public sealed record KeypointBars(IReadOnlyList<KeypointBar> Keypoints, string FirstModel, string? SecondModel = null) : Chart
{
    private const int BarsWidth = 760;

    /// <summary>Pixels for the axis below and the legend above.</summary>
    private const int Frame = 84;

    /// <summary>Pixels for a name. A longer one ends in an ellipsis.</summary>
    private const float NameWidth = 240;

    /// <summary>Errors below it have no length, pixels.</summary>
    private const double Smallest = 1e-9;

    /// <inheritdoc/>
    public override string Title => SecondModel is null
        ? $"Error per keypoint of {FirstModel}, pixels"
        : $"Error per keypoint of {FirstModel} and {SecondModel}, pixels";

    /// <inheritdoc/>
    public override int Width => BarsWidth;

    /// <inheritdoc/>
    public override int Height => Frame + (Keypoints.Count * (SecondModel is null ? 24 : 36));

    private protected override void Compose(Plot plot, PlotPalette palette, Lettering lettering)
    {
        AddSeries(plot, palette, palette.First, lettering.Fit(FirstModel, TextSize, NameWidth), keypoint => keypoint.First, SecondModel is null ? 0 : 0.2);
        if (SecondModel is not null)
            AddSeries(plot, palette, palette.Second, lettering.Fit(SecondModel, TextSize, NameWidth), keypoint => keypoint.Second, -0.2);

        plot.Axes.Left.TickGenerator = new NumericManual(
            [.. Keypoints.Select((_, i) => Place(i))],
            [.. Keypoints.Select(keypoint => lettering.Fit($"{keypoint.Keypoint.Replace('_', ' ')} ({keypoint.Labels.ToString(CultureInfo.InvariantCulture)})", TextSize, NameWidth))]);
        plot.Axes.Left.TickLabelStyle.ForeColor = palette.Text;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.MinimumSize = 60;
        plot.Axes.Bottom.Label.Text = "Root mean squared error, px. In brackets: number of labels";
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.YAxisStyle.IsVisible = false;
        double most = Keypoints.SelectMany(keypoint => (double?[])[keypoint.First, keypoint.Second]).Max(Length);
        plot.Axes.SetLimits(0, most > Smallest ? most * 1.12 : 1, -0.5, Keypoints.Count - 0.5);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
        plot.ShowLegend(Edge.Top).Padding = new PixelPadding(10, 4);
    }

    private void AddSeries(Plot plot, PlotPalette palette, Color colour, string name, Func<KeypointBar, double?> error, double above)
    {
        BarPlot bars = plot.Add.Bars((List<Bar>)
        [
            .. Keypoints.Select((keypoint, i) => new Bar
            {
                Position = Place(i) + above,
                Value = Length(error(keypoint)),
                Size = SecondModel is null ? 0.6 : 0.34,
                Orientation = Orientation.Horizontal,
                FillColor = colour,
                LineWidth = 0,
                Label = error(keypoint) is double value && double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "not measured",
            }),
        ]);
        bars.LegendText = name;
        bars.ValueLabelStyle.ForeColor = palette.Text;
        bars.ValueLabelStyle.FontSize = TextSize - 1;
    }

    /// <summary>The first keypoint is at the top.</summary>
    private double Place(int keypoint) => Keypoints.Count - 1 - keypoint;

    private static double Length(double? error) => error is double value && double.IsFinite(value) ? value : 0;
}
