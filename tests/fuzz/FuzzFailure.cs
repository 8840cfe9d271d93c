namespace KeypointPipeline.Fuzz.Tests;

/// <summary>A promise that an input broke.</summary>
/// <param name="Target">The reader's name.</param>
/// <param name="Number">The input's number.</param>
/// <param name="What">What happened.</param>
internal sealed record FuzzFailure(string Target, long Number, string What);
