using System.Runtime.InteropServices;

namespace KeypointPipeline.Bench;

/// <summary>Describes the machine that a measurement runs on.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string ProcessorField = "model name";

    /// <summary>Names the processor (its architecture if the system does not tell the model), the number of usable processors and the
    /// operating system.</summary>
    public static string Describe() =>
        $"{Processor() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}";

    private static string? Processor() => !File.Exists(ProcessorFile)
        ? null
        : File.ReadLines(ProcessorFile)
            .FirstOrDefault(line => line.StartsWith(ProcessorField, StringComparison.Ordinal))?
            .Split(':', 2)[^1].Trim();
}
