using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Local.Training;

/// <summary>Asks a process to end, so that it can save first.</summary>
internal static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM; where there are no signals, ends it at once.</summary>
    public static void RequestEnd(Process process)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            _ = Kill(process.Id, SigTerm);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
