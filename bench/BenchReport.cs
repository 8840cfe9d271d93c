using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench;

/// <summary>The figures of a measurement and the promises that they must keep.</summary>
/// <param name="Bench">Its name.</param>
/// <param name="Machine">Processor count and system.</param>
/// <param name="Rows">The figures.</param>
/// <param name="Bars">The promises.</param>
internal sealed record BenchReport(string Bench, string Machine, IReadOnlyList<BenchRow> Rows, IReadOnlyList<BenchBar> Bars)
{
    /// <summary>Whether every promise is kept.</summary>
    public bool Holds => Bars.All(bar => bar.Holds);

    /// <summary>Prints a line per figure and promise, or JSON.</summary>
    public void Print(bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, PipelineJson.Compact));
            return;
        }

        int width = Rows.Max(row => row.What.Length);
        Console.WriteLine($"{Bench}, on {Machine}");
        foreach (BenchRow row in Rows)
            Console.WriteLine($"  {row.What.PadRight(width)}  median {row.Median,10:#,0.000} {row.Unit}   ({row.Fastest:#,0.000} to {row.Slowest:#,0.000})");
        foreach (BenchBar bar in Bars)
            Console.WriteLine($"  {(bar.Holds ? "holds" : "MISSED")}: {bar.What} {bar.Figure:#,0.###}, {(bar.IsFloor ? "at least" : "at most")} {bar.Bar:#,0.###}");
    }
}

/// <summary>One figure: the median of several runs.</summary>
internal sealed record BenchRow(string What, double Median, double Fastest, double Slowest, string Unit)
{
    /// <summary>Summarizes several runs.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="runs">At least one.</param>
    public static BenchRow Of(string what, string unit, IReadOnlyList<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        return new BenchRow(what, sorted[sorted.Length / 2], sorted[0], sorted[^1], unit);
    }

    /// <summary>Returns the median of several runs.</summary>
    /// <param name="runs">At least one.</param>
    public static double MedianOf(IReadOnlyList<double> runs) => Of("", "", runs).Median;
}

/// <summary>One promise.</summary>
/// <param name="What">Names the figure and its unit.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Bar">The bar.</param>
/// <param name="IsFloor">Whether the figure must be at least the bar; otherwise at most.</param>
internal sealed record BenchBar(string What, double Figure, double Bar, bool IsFloor = false)
{
    /// <summary>Whether the promise is kept.</summary>
    public bool Holds => IsFloor ? Figure >= Bar : Figure <= Bar;
}
