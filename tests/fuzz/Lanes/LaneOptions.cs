namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>The part of the inputs that one process feeds: every <paramref name="Stride"/>th from <paramref name="First"/> on.</summary>
/// <param name="Target">The door.</param>
/// <param name="Seed">Seeds all inputs.</param>
/// <param name="First">Number of its first input.</param>
/// <param name="Stride">To the next.</param>
/// <param name="End">No input has this number or a higher one.</param>
/// <param name="Board">Path of its <see cref="FlightBoard"/>.</param>
internal sealed record LaneOptions(string Target, int Seed, long First, int Stride, long End, string Board);
