using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace KeypointPipeline.Plots;

/// <summary>An epoch of a training.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingLoss">Mean loss of its steps, without a unit; null or not finite where it is unknown.</param>
/// <param name="ValidationError">Root mean squared error on the validation rows, pixels of the frame; null or not finite if the epoch was
/// not validated.</param>
public sealed record LearningEpoch(int Epoch, double? TrainingLoss, double? ValidationError);

/// <summary>How a training learned: the validation error by epoch with the best epoch marked, and the training loss on an axis of its own.
/// Both axes leave out the large values of the first epochs, and say so.</summary>
/// <param name="Epochs">The epochs in order, at least one.</param>
public sealed record LearningCurve(IReadOnlyList<LearningEpoch> Epochs) : Chart
{
    private const int CurveWidth = 760;
    private const int CurveHeight = 320;

    /// <summary>The epoch with the lowest validation error, the earliest of several; null if none was validated.</summary>
    public LearningEpoch? Best => Validated.MinBy(epoch => epoch.ValidationError);

    /// <inheritdoc/>
    public override string Title => Best is { ValidationError: double error } best
        ? $"The validation error is lowest after epoch {best.Epoch.ToString(CultureInfo.InvariantCulture)}: {Pixels(error)}"
        : "Training loss by epoch; no epoch was validated";

    /// <inheritdoc/>
    public override int Width => CurveWidth;

    /// <inheritdoc/>
    public override int Height => CurveHeight;

    private IEnumerable<LearningEpoch> Validated => Epochs.Where(epoch => epoch.ValidationError is double error && double.IsFinite(error));

    private protected override void Compose(Plot plot, PlotPalette palette, Lettering lettering)
    {
        plot.Title(Title);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.Label.Text = "Epoch";
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, LabelFormatter = Whole, TickDensity = 0.5 };
        (double first, double last) = (Epochs[0].Epoch, Epochs[^1].Epoch);
        double room = Math.Max((last - first) * 0.015, 0.2);
        plot.Axes.SetLimitsX(first - room, last + room);

        bool cuts = false;
        Coordinates[] losses = [.. Epochs.Where(epoch => epoch.TrainingLoss is double loss && double.IsFinite(loss)).Select(epoch => new Coordinates(epoch.Epoch, epoch.TrainingLoss!.Value))];
        Coordinates[] errors = [.. Validated.Select(epoch => new Coordinates(epoch.Epoch, epoch.ValidationError!.Value))];
        plot.Axes.Right.FrameLineStyle.Width = 0;
        if (losses.Length > 0)
        {
            // Without validation, the loss has the left axis to itself.
            IYAxis axis = errors.Length > 0 ? plot.Axes.Right : plot.Axes.Left;
            cuts |= AddLine(plot, losses, axis, "Training loss", palette.Second, 1.2f);
        }

        if (errors.Length > 0)
        {
            cuts |= AddLine(plot, errors, plot.Axes.Left, "Validation error, px", palette.First, 2);
            MarkBest(plot, palette);
        }

        if (losses.Length > 0 && errors.Length > 0)
            plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal);
        if (cuts)
            AddRemark(plot, palette);
    }

    private static bool AddLine(Plot plot, Coordinates[] points, IYAxis axis, string name, Color colour, float width)
    {
        var range = ShownRange.Of(points.Select(point => point.Y));
        axis.Label.Text = name;
        axis.Label.ForeColor = colour;
        axis.TickLabelStyle.ForeColor = colour;
        plot.Axes.SetLimitsY(range.Low, range.High, axis);
        Scatter line = plot.Add.ScatterLine(points, colour);
        line.Axes.YAxis = axis;
        line.LegendText = name;
        line.LineWidth = width;
        line.MarkerSize = points.Length == 1 ? 6 : 0;
        return range.CutsOff;
    }

    private void MarkBest(Plot plot, PlotPalette palette)
    {
        if (Best is not { ValidationError: double error } best)
            return;
        plot.Add.VerticalLine(best.Epoch, 1, palette.Best, LinePattern.Dashed);
        plot.Add.Marker(best.Epoch, error, MarkerShape.FilledCircle, 8, palette.Best);
    }

    private static void AddRemark(Plot plot, PlotPalette palette)
    {
        Annotation remark = plot.Add.Annotation("Larger values of early epochs are above the frame", Alignment.LowerLeft);
        remark.LabelFontSize = TextSize - 1;
        remark.LabelFontColor = palette.Muted;
        remark.LabelBackgroundColor = Colors.Transparent;
        remark.LabelBorderWidth = 0;
        remark.LabelShadowColor = Colors.Transparent;
        remark.OffsetX = 6;
        remark.OffsetY = 4;
    }

    private static string Whole(double epoch) => epoch.ToString("0", CultureInfo.InvariantCulture);

    private static string Pixels(double error) => $"{error.ToString(error < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} px";
}
