using System.Runtime.InteropServices;

namespace KeypointPipeline.Plots;

/// <summary>The part of an axis that shows a falling curve. The first epochs of a training have errors many times the last ones: shown
/// whole, they would flatten what a reader looks for.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, above <paramref name="Low"/>.</param>
/// <param name="CutsOff">Whether some values are above <paramref name="High"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownRange(double Low, double High, bool CutsOff)
{
    /// <summary>About this share of the values is shown.</summary>
    private const double Share = 0.85;

    /// <summary>The scale reaches at least this many times the median's distance from the lowest value.</summary>
    private const double Reach = 4;

    /// <summary>Free room below and above, as a share of the range.</summary>
    private const double Margin = 0.06;

    /// <summary>Chooses the range.</summary>
    /// <param name="values">Finite numbers. Without any, the range is 0 to 1.</param>
    public static ShownRange Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            return new ShownRange(0, 1, CutsOff: false);
        double low = sorted[0];
        double most = Math.Max(sorted[(int)(Share * (sorted.Length - 1))], low + (Reach * (sorted[sorted.Length / 2] - low)));
        double high = Math.Min(most, sorted[^1]);
        // Equal values get an axis of a few percent.
        double room = Math.Max(high - low, Math.Max(Math.Abs(high) * 0.2, 1e-9)) * Margin;
        return new ShownRange(low - room, high + room, sorted[^1] > high + room);
    }
}
