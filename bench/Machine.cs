using System.Runtime.InteropServices;
using KeypointPipeline.TrainerJob.Devices;

namespace KeypointPipeline.Bench;

/// <summary>Describes the machine that a measurement runs on.</summary>
internal static class Machine
{
    /// <summary>Names the processor, the number of usable processors and the operating system.</summary>
    public static string Describe() => $"{Processor.Name}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}";
}
