using KeypointPipeline.Files;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>How a program of <see cref="DetachedProcess"/> ended, as <c>launch.sh</c> writes it.</summary>
/// <param name="Pid">The process id of the program.</param>
/// <param name="ExitCode">Its exit code; 128 and the signal's number if a signal ended it.</param>
public sealed record ProcessEnd(int Pid, int ExitCode)
{
    /// <summary>The shell that waits for a program writes its end within milliseconds, also on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads the end of a process that has ended.</summary>
    /// <param name="file">The file that was named when it was started.</param>
    /// <param name="process">The process.</param>
    /// <param name="time">The clock for waiting until the file is written.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null if the end is not known.</returns>
    internal static async Task<ProcessEnd?> FindAsync(string file, ProcessIdentity process, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            return null;
        long start = time.GetTimestamp();
        while (true)
        {
            if (JsonFile.Find<ProcessEnd>(file) is { } end && end.Pid == process.Pid)
                return end;
            if (time.GetElapsedTime(start) > Patience)
                return null;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
