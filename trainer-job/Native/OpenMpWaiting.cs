using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Makes torch's worker threads sleep while they wait for each other.</summary>
/// <remarks>By default they spin. On a machine that has anything else to do, a waiting thread then burns the very core that the
/// thread it waits for needs: an epoch of the small network on two cores with other work took 24 to 40 s of processor time spinning
/// and 10 s sleeping. Whoever sets OMP_WAIT_POLICY has the last word. It must be in the C library's environment before libgomp is
/// loaded; .NET's own environment is a copy that C code does not see.</remarks>
internal static partial class OpenMpWaiting
{
    [ModuleInitializer]
    internal static void Sleep()
    {
        if (OperatingSystem.IsLinux())
            _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
