namespace KeypointPipeline.Fuzz.Tests.Lanes;

/// <summary>The inputs of one process: every <paramref name="Stride"/>th from <paramref name="First"/> on.</summary>
/// <param name="Target">The reader's name.</param>
/// <param name="Seed">Seeds all inputs.</param>
/// <param name="First">Number of its first input.</param>
/// <param name="Stride">Distance to the next number.</param>
/// <param name="End">All numbers are below this one.</param>
/// <param name="Board">Path of its <see cref="FlightBoard"/>.</param>
internal sealed record LaneOptions(string Target, int Seed, long First, int Stride, long End, string Board);
