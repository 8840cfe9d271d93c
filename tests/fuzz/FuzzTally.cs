namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Counts over many inputs; adds up over processes.</summary>
internal sealed record FuzzTally
{
    /// <summary>Inputs fed.</summary>
    public long Inputs { get; set; }

    /// <summary>Inputs taken.</summary>
    public long Accepted { get; set; }

    /// <summary>Inputs fed twice, the second time in pieces.</summary>
    public long Repeated { get; set; }

    /// <summary>The longest that one input took, making it not counted, seconds.</summary>
    public double SlowestSeconds { get; set; }

    /// <summary>That input.</summary>
    public long SlowestNumber { get; set; }

    /// <summary>Most memory that a process held, managed and native, bytes.</summary>
    public long PeakBytes { get; set; }

    /// <summary>Reasons for refusing, without their numbers and quotations, and how often each was given.</summary>
    public Dictionary<string, long> Reasons { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Adds another's counts.</summary>
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
