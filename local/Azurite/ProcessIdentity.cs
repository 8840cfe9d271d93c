using System.ComponentModel;
using System.Diagnostics;

namespace KeypointPipeline.Local.Azurite;

/// <summary>Tells a process from a later one under the same id.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartedAt">When the system says it started, UTC.</param>
public sealed record ProcessIdentity(int Pid, DateTimeOffset StartedAt)
{
    /// <summary>The system derives start times from the clock and the time since boot, so they shift with clock corrections.</summary>
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(30);

    /// <summary>Identifies a running process.</summary>
    /// <returns>Null where it has ended.</returns>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return HasEnded(process) ? null : new ProcessIdentity(pid, new DateTimeOffset(process.StartTime));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Whether this very process still runs.</summary>
    public bool IsRunning() =>
        Of(Pid) is { } now && (now.StartedAt - StartedAt).Duration() < StartTimeTolerance;

    /// <summary>Waits for the end.</summary>
    /// <returns>Whether it ended in time.</returns>
    public async Task<bool> WaitForEndAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (IsRunning())
        {
            if (Stopwatch.GetElapsedTime(start) > atMost)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return true;
    }

    /// <summary>Ends it at once, if it is still this very process.</summary>
    public void Kill()
    {
        if (!IsRunning())
            return;
        try
        {
            using var process = Process.GetProcessById(Pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended by itself in between.
        }
    }

    /// <summary>An ended process that nobody reaped still has an id: true of orphans in containers without an init.</summary>
    private static bool HasEnded(Process process)
    {
        if (process.HasExited)
            return true;
        string statFile = $"/proc/{process.Id}/stat";
        if (!OperatingSystem.IsLinux() || !File.Exists(statFile))
            return false;
        string stat = File.ReadAllText(statFile);
        return stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z');
    }
}
