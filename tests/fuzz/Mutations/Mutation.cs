namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>One way to damage a file.</summary>
/// <param name="Name">Its name, for the recipe.</param>
/// <param name="Apply">Returns a damaged copy of a file, or the file itself if it does not apply.</param>
internal sealed record Mutation(string Name, Func<byte[], Random, byte[]> Apply);
