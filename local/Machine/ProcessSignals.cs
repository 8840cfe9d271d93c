using System.Runtime.InteropServices;

namespace KeypointPipeline.Local.Machine;

/// <summary>Asks a process to end, so that it can save first.</summary>
internal static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM if this very process still runs; where there are no signals, ends it at once.</summary>
    public static void RequestEnd(ProcessIdentity process)
    {
        if (OperatingSystem.IsWindows())
            process.Kill();
        else if (process.IsRunning())
            _ = Kill(process.Pid, SigTerm);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
