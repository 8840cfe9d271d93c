namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>One line from a process to its parent: counts, or a failure.</summary>
internal sealed record LaneReport(FuzzTally? Tally = null, FuzzFailure? Failure = null);
