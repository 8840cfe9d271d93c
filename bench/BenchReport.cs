using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench;

/// <summary>What came of a measurement that yields a few figures.</summary>
/// <param name="Bench">Its name.</param>
/// <param name="Machine">Processor count and system.</param>
/// <param name="Rows">The figures.</param>
internal sealed record BenchReport(string Bench, string Machine, IReadOnlyList<BenchRow> Rows)
{
    /// <summary>Prints it: a line per figure, or JSON.</summary>
    public void Print(bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, PipelineJson.Compact));
            return;
        }

        Console.WriteLine($"{Bench}, on {Machine}");
        foreach (BenchRow row in Rows)
            Console.WriteLine($"  {row.What,-14} median {row.Median,8:0.000} {row.Unit}   ({row.Fastest:0.000} to {row.Slowest:0.000})");
    }
}

/// <summary>One figure: the median of several runs.</summary>
internal sealed record BenchRow(string What, double Median, double Fastest, double Slowest, string Unit);
