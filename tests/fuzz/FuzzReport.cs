using KeypointPipeline.Bench;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Converts the counts to figures and promises.</summary>
internal static class FuzzReport
{
    private const double Megabyte = 1e6;
    private const int ReasonsShown = 12;

    /// <summary>The figures of one reader.</summary>
    public static IEnumerable<BenchRow> Rows(string target, FuzzTally tally, TimeSpan took)
    {
        yield return Of($"{target}: inputs fed", tally.Inputs, "");
        yield return Of($"{target}: accepted", tally.Accepted, "");
        yield return Of($"{target}: refused with a reason", tally.Reasons.Values.Sum(), "");
        yield return Of($"{target}: kinds of reasons given", tally.Reasons.Count, "");
        yield return Of($"{target}: fed again in pieces, with the same outcome", tally.Repeated, "");
        yield return Of($"{target}: all of them", took.TotalMinutes, "min");
        yield return Of($"{target}: rate", tally.Inputs / took.TotalSeconds, "inputs/s");
    }

    /// <summary>The promises of one reader.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="tally">The counts.</param>
    /// <param name="asked">Number of inputs that were asked for.</param>
    /// <param name="failures">Promises broken.</param>
    public static IEnumerable<BenchBar> Bars(IFuzzTarget target, FuzzTally tally, long asked, int failures)
    {
        yield return new BenchBar($"{target.Name}: inputs fed", tally.Inputs, asked, IsFloor: true);
        yield return new BenchBar($"{target.Name}: promises broken", failures, 0);
        yield return new BenchBar($"{target.Name}: slowest input, s (number {tally.SlowestNumber})", tally.SlowestSeconds, target.Patience.TotalSeconds);
        yield return new BenchBar($"{target.Name}: peak memory of a process, MB", tally.PeakBytes / Megabyte, target.MemoryCeiling / Megabyte);
    }

    /// <summary>The most frequent reasons, as lines of text.</summary>
    public static IEnumerable<string> Reasons(FuzzTally tally) => tally.Reasons
        .OrderByDescending(reason => reason.Value)
        .ThenBy(reason => reason.Key, StringComparer.Ordinal)
        .Take(ReasonsShown)
        .Select(reason => $"  {reason.Value,9:N0}  {reason.Key}");

    private static BenchRow Of(string what, double figure, string unit) => new(what, figure, figure, figure, unit);
}
