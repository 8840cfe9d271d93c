using System.Runtime.InteropServices;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Asks a process to end, so that it can save its work first.</summary>
internal static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM if the process still runs. On Windows, which has no signals, kills it at once.</summary>
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
