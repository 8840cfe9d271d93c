using System.Runtime.InteropServices;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>The machine's processor.</summary>
public static class Processor
{
    private const string Description = "/proc/cpuinfo";
    private const string NameField = "model name";

    /// <summary>Its name as the system tells it; its architecture where the system does not.</summary>
    public static string Name { get; } = FindName() ?? $"{RuntimeInformation.ProcessArchitecture} processor";

    private static string? FindName() => !File.Exists(Description)
        ? null
        : File.ReadLines(Description)
            .FirstOrDefault(line => line.StartsWith(NameField, StringComparison.Ordinal))?
            .Split(':', 2)[^1].Trim();
}
