namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>A line that a process says to the one that started it: counts, or a failure.</summary>
internal sealed record LaneReport(FuzzTally? Tally = null, FuzzFailure? Failure = null);
