using System.Runtime.InteropServices;

namespace KeypointPipeline.Bench;

/// <summary>What a measurement ran on.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string ProcessorField = "model name";

    /// <summary>Processor model where the system tells it, processors this program may use, system.</summary>
    public static string Describe() =>
        $"{Processor() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}";

    private static string? Processor() => !File.Exists(ProcessorFile)
        ? null
        : File.ReadLines(ProcessorFile)
            .FirstOrDefault(line => line.StartsWith(ProcessorField, StringComparison.Ordinal))?
            .Split(':', 2)[^1].Trim();
}
