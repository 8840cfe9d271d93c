using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Compliance;

/// <summary>The samples of all formats.</summary>
internal static class LabelSamples
{
    /// <summary>All samples, sorted by name.</summary>
    public static IReadOnlyList<LabelSample> All { get; } =
    [
        .. typeof(LabelSamples).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(LabelSample).IsAssignableFrom(type))
            .Select(type => (LabelSample)Activator.CreateInstance(type)!)
            .OrderBy(sample => sample.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names of all samples, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(sample => sample.Name)];

    /// <summary>The names of samples of formats that are written, for theories.</summary>
    public static TheoryData<string> Written => [.. All.Where(sample => sample.Traits.Writes).Select(sample => sample.Name)];

    /// <summary>Returns the sample with a name.</summary>
    public static LabelSample Find(string name) => All.Single(sample => sample.Name == name);
}
