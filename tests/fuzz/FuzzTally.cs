namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Counts of many inputs. The counts of several processes can be added.</summary>
internal sealed record FuzzTally
{
    /// <summary>Number of inputs.</summary>
    public long Inputs { get; set; }

    /// <summary>Number of accepted inputs.</summary>
    public long Accepted { get; set; }

    /// <summary>Number of inputs that were fed a second time, in pieces.</summary>
    public long Repeated { get; set; }

    /// <summary>Seconds of the slowest input, without creating it.</summary>
    public double SlowestSeconds { get; set; }

    /// <summary>Number of the slowest input.</summary>
    public long SlowestNumber { get; set; }

    /// <summary>Peak memory of a process, managed and native, bytes.</summary>
    public long PeakBytes { get; set; }

    /// <summary>Reasons for refusing, without numbers and quotations, and how often each was given.</summary>
    public Dictionary<string, long> Reasons { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Adds the counts of another process.</summary>
    public void Add(FuzzTally other)
    {
        Inputs += other.Inputs;
        Accepted += other.Accepted;
        Repeated += other.Repeated;
        if (other.SlowestSeconds > SlowestSeconds)
            (SlowestSeconds, SlowestNumber) = (other.SlowestSeconds, other.SlowestNumber);
        PeakBytes = Math.Max(PeakBytes, other.PeakBytes);
        foreach ((string reason, long count) in other.Reasons)
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + count;
    }
}
