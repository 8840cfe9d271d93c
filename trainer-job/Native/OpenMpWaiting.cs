using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Makes torch's worker threads sleep while they wait for each other, after a very short spin.</summary>
/// <remarks>By default they spin. On a busy machine, a spinning thread then occupies the core that the thread it waits for needs. An
/// epoch of the small network, on two cores with other work, took 24 to 40 s of processor time with spinning and 10 s with sleeping.
/// Sleeping at once is slow too, because there are thousands of waits per second: three epochs of the default network, on two quiet
/// cores, took 41 to 50 s. With 3,000 turns of the spin first, they took 35 to 38 s. If OMP_WAIT_POLICY or GOMP_SPINCOUNT is already
/// set, it stays. Both must be in the C library's environment before libgomp is loaded; .NET's own environment is a copy that C code
/// does not see. A libtorch with another OpenMP library ignores GOMP_SPINCOUNT; a test checks that libtorch loads libgomp.</remarks>
internal static partial class OpenMpWaiting
{
    [ModuleInitializer]
    internal static void Sleep()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Set("OMP_WAIT_POLICY", "PASSIVE");
        Set("GOMP_SPINCOUNT", "3000");
    }

    private static void Set(string name, string value)
    {
        if (SetVariable(name, value, overwrite: 0) != 0)
            throw new InvalidOperationException($"The environment variable {name} could not be set: error {Marshal.GetLastPInvokeError()} of setenv.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
