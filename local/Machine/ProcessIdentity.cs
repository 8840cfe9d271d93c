using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace KeypointPipeline.Local.Machine;

/// <summary>Tells a process from a later one under the same id.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">What the system noted when it started. On Linux the boot and the clock ticks since: a time of day would be
/// another one whenever the clock is set. Elsewhere the time, UTC.</param>
public sealed record ProcessIdentity(int Pid, string Start)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Fields of <c>/proc/PID/stat</c>, counted after the name.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Where the system works a start time out again each time it is asked, it may come to another fraction of a second.</summary>
    private static readonly TimeSpan StartTimeTolerance = TimeSpan.FromSeconds(30);

    private static readonly Lazy<string> BootId = new(() => File.ReadAllText(BootIdFile).Trim());

    /// <summary>Identifies a running process.</summary>
    /// <returns>Null where it has ended.</returns>
    public static ProcessIdentity? Of(int pid) => OperatingSystem.IsLinux() ? OfLinux(pid) : OfOther(pid);

    /// <summary>Whether this very process still runs.</summary>
    public bool IsRunning() => Of(Pid) is { } now && SameStart(now.Start, Start);

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

    /// <summary>Ends it at once, if it is still this very process. On Windows the processes that it started end too, because there
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
            // It ended by itself meanwhile.
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

        // The name may hold anything, brackets too.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

        // An ended process that nobody reaped still has an id: true of orphans in containers without an init.
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
