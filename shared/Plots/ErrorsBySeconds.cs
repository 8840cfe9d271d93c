using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace KeypointPipeline.Plots;

/// <summary>A measurement during a training.</summary>
/// <param name="Seconds">Seconds of training before it, above 0.</param>
/// <param name="Error">Root mean squared error on the validation rows, pixels of the frame, above 0.</param>
public sealed record TimedError(double Seconds, double Error);

/// <summary>Trainings of one kind.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Colour">Number of its colour, which does not depend on the other kinds; from 0.</param>
/// <param name="Mean">The mean of its trainings, at least one point: a bold line.</param>
/// <param name="Trainings">Its trainings, each with at least one point: faint lines if there are several.</param>
public sealed record TimedTrainings(string Name, int Colour, IReadOnlyList<TimedError> Mean, IReadOnlyList<IReadOnlyList<TimedError>> Trainings);

/// <summary>Validation error against training seconds, both on logarithmic axes.</summary>
/// <param name="Kinds">The kinds of trainings, at least one.</param>
public sealed record ErrorsBySeconds(IReadOnlyList<TimedTrainings> Kinds) : Chart
{
    private const int PlotWidth = 1000;
    private const int PlotHeight = 560;

    /// <summary>Errors above this many times the lowest are cut off: they belong to untrained networks.</summary>
    private const double HighestShown = 5;

    private static readonly double[] ErrorMarks = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
    private static readonly double[] SecondMarks = [1, 2, 5];

    /// <inheritdoc/>
    public override string Title => "Validation error against training seconds";

    /// <inheritdoc/>
    public override int Width => PlotWidth;

    /// <inheritdoc/>
    public override int Height => PlotHeight;

    private protected override void Compose(Plot plot, PlotPalette palette, Lettering lettering)
    {
        TimedError[] all = [.. Kinds.SelectMany(kind => kind.Trainings).SelectMany(training => training)];
        double lowest = all.Min(point => point.Error);
        (double From, double To) seconds = (all.Min(point => point.Seconds), all.Max(point => point.Seconds) * 1.02);
        (double From, double To) errors = (lowest * 0.96, Math.Min(all.Max(point => point.Error), lowest * HighestShown) * 1.02);
        plot.Axes.SetLimits(Math.Log10(seconds.From), Math.Log10(seconds.To), Math.Log10(errors.From), Math.Log10(errors.To));
        plot.Axes.Bottom.TickGenerator = Ticks(SecondMarks, seconds);
        plot.Axes.Left.TickGenerator = Ticks(ErrorMarks, errors);
        plot.Axes.Bottom.Label.Text = "Training seconds";
        plot.Axes.Left.Label.Text = "Validation error, px";

        foreach (TimedTrainings kind in Kinds)
        {
            Color colour = PlotPalette.Many[kind.Colour % PlotPalette.Many.Count];
            if (kind.Trainings.Count > 1)
            {
                foreach (IReadOnlyList<TimedError> training in kind.Trainings)
                    AddLine(plot, training, colour.WithOpacity(0.3), 1);
            }

            Scatter mean = AddLine(plot, kind.Mean, colour, 2.2f);
            string best = kind.Trainings.Average(training => training.Min(point => point.Error)).ToString("0.00", CultureInfo.InvariantCulture);
            mean.LegendText = lettering.Fit($"{kind.Name}, lowest {best} px", TextSize, PlotWidth / 3f);
        }

        plot.ShowLegend(Edge.Right);
    }

    private static Scatter AddLine(Plot plot, IReadOnlyList<TimedError> points, Color colour, float width)
    {
        Scatter line = plot.Add.ScatterLine((Coordinates[])[.. points.Select(point => new Coordinates(Math.Log10(point.Seconds), Math.Log10(point.Error)))], colour);
        line.LineWidth = width;
        return line;
    }

    private static NumericManual Ticks(double[] marks, (double From, double To) range)
    {
        var ticks = new NumericManual();
        foreach (int power in Enumerable.Range(-2, 8))
        {
            foreach (double mark in marks)
            {
                double value = Math.Round(mark * Math.Pow(10, power), 6);
                if (value >= range.From && value <= range.To)
                    ticks.AddMajor(Math.Log10(value), value.ToString(CultureInfo.InvariantCulture));
            }
        }

        return ticks;
    }
}
