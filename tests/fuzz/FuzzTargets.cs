using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Images;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>All doors that are tried.</summary>
internal static class FuzzTargets
{
    /// <summary>Opens one.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IFuzzTarget Open(string name) => name switch
    {
        DatasetTarget.TargetName => new DatasetTarget(),
        ImageTarget.TargetName => new ImageTarget(),
        _ => throw new ArgumentException($"There is nothing named '{name}' to fuzz: {DatasetTarget.TargetName} or {ImageTarget.TargetName} is expected.", nameof(name)),
    };
}
