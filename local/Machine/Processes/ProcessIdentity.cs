using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Identifies a process, even if a later process gets the same id.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">The start of the process. On Linux it is the boot id and the clock ticks since the boot, because a time of day would change
/// whenever the clock is set. On other systems it is the time, UTC.</param>
public sealed record ProcessIdentity(int Pid, string Start)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Fields of <c>/proc/PID/stat</c>, counted after the name.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Some systems compute the start time anew for each query, and the results differ by fractions of a second.</summary>
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(30);

    private static readonly Lazy<string> BootId = new(() => File.ReadAllText(BootIdFile).Trim());

    /// <summary>Identifies a running process.</summary>
    /// <returns>Null if the process has ended.</returns>
    public static ProcessIdentity? Of(int pid) => OperatingSystem.IsLinux() ? OfLinux(pid) : OfOther(pid);

    /// <summary>Gets whether this process still runs.</summary>
    public bool IsRunning() => Of(Pid) is { } now && SameStart(now.Start, Start);

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>Whether the process ended in time.</returns>
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

    /// <summary>Kills the process at once if it still runs. On Windows the processes that it started end too, because there
    /// <see cref="DetachedProcess"/> starts a program through another.</summary>
    public void Kill()
    {
        if (!IsRunning())
            return;
        try
        {
            using var process = Process.GetProcessById(Pid);
            process.Kill(entireProcessTree: OperatingSystem.IsWindows());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // The process ended by itself meanwhile.
        }
    }

    private static ProcessIdentity? OfLinux(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }

        // The name may contain any character, including brackets.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

        // An ended process that no parent has reaped still has an id, for example an orphan in a container without an init.
        return fields[StateField] is "Z" or "X" ? null : new ProcessIdentity(pid, $"{BootId.Value}/{fields[StartField]}");
    }

    private static ProcessIdentity? OfOther(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited
                ? null
                : new ProcessIdentity(pid, process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private static bool SameStart(string now, string noted) =>
        now == noted || (!OperatingSystem.IsLinux()
            && DateTimeOffset.TryParse(now, CultureInfo.InvariantCulture, out DateTimeOffset a)
            && DateTimeOffset.TryParse(noted, CultureInfo.InvariantCulture, out DateTimeOffset b)
            && (a - b).Duration() < StartTimeTolerance);
}
