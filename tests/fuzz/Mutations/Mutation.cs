namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>One way to damage a file.</summary>
/// <param name="Name">Its name, for the recipe.</param>
/// <param name="Apply">Gives the damaged file; the given one stays as it is. Where it does not apply, it may come back unchanged.</param>
internal sealed record Mutation(string Name, Func<byte[], Random, byte[]> Apply);
