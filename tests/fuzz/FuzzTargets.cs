using KeypointPipeline.Errors;
using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Images;
using KeypointPipeline.Fuzz.Tests.Labels;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>The readers that are fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>Opens a reader by its name.</summary>
    /// <exception cref="UserErrorException">No reader has that name.</exception>
    public static IFuzzTarget Open(string name) => name switch
    {
        DatasetTarget.TargetName => new DatasetTarget(),
        LabelInputs.TargetName => LabelInputs.CreateTarget(),
        ImageTarget.TargetName => new ImageTarget(),
        _ => throw new UserErrorException($"There is nothing named '{name}' to fuzz. Choose {DatasetTarget.TargetName}, {LabelInputs.TargetName} or {ImageTarget.TargetName}."),
    };
}
