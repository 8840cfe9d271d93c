using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Makes torch's worker threads sleep while they wait for each other, after a very short spin.</summary>
/// <remarks>By default they spin. On a machine that has anything else to do, a waiting thread then burns the very core that the
/// thread it waits for needs: an epoch of the small network on two cores with other work took 24 to 40 s of processor time spinning
/// and 10 s sleeping. Going to sleep at once costs as well, there are thousands of waits in a second: three epochs of the default
/// network on two quiet cores took 41 to 50 s so, and 35 to 38 s with 3,000 turns of the spin first. Whoever sets OMP_WAIT_POLICY or
/// GOMP_SPINCOUNT has the last word. Both must be in the C library's environment before libgomp is loaded; .NET's own environment is
/// a copy that C code does not see.</remarks>
internal static partial class OpenMpWaiting
{
    [ModuleInitializer]
    internal static void Sleep()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        _ = SetVariable("GOMP_SPINCOUNT", "3000", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
