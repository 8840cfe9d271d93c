using System.ComponentModel;
using System.Diagnostics;
using KeypointPipeline.Files;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>Starts programs that outlive this process and write their output to a log file. Ctrl-C in the terminal does not reach
/// them. A note names the process, so that another process finds it, even if this process dies right after starting it.</summary>
/// <remarks>On Linux and macOS <c>launch.sh</c> writes the note before the program runs. On Windows this process writes it
/// afterwards, so a kill in between leaves a program without a note.</remarks>
internal static class DetachedProcess
{
    private const string Shell = "/bin/sh";

    /// <summary>macOS has no setsid. There the shell gives the program a process group of its own.</summary>
    private const string InOwnGroup = "set -m; " + Shell + " \"$@\" &";

    private static readonly string Script = Path.Combine(RepositoryRoot.Path, "local", "Machine", "Processes", "launch.sh");

    /// <summary>Starts a program.</summary>
    /// <param name="note">File for the note. Its folder must exist.</param>
    /// <param name="log">File that the program's output is appended to. Its folder must exist.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Arguments of the program.</param>
    /// <param name="environment">Variables to add to this process's environment.</param>
    /// <param name="cancellationToken">Cancels a start that has not begun. A start that has begun finishes and writes the note.</param>
    /// <param name="end">File that receives the program's <see cref="ProcessEnd"/>; null for none. It stays missing on Windows, and if the
    /// shell that waits for the program is killed too.</param>
    /// <exception cref="ProgramStartException">The program cannot be started. The message says why.</exception>
    public static async Task<ProcessIdentity> StartAsync(
        string note,
        string log,
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken,
        string? end = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ProcessIdentity process = OperatingSystem.IsWindows()
            ? StartOnWindows(log, program, arguments, environment)
            : await StartOnUnixAsync(note, log, end, program, arguments, environment);
        if (process.Start.Length > 0)
            return process;

        // A program that has already ended has written the reason to the log.
        process = ProcessIdentity.Of(process.Pid) ?? process;
        WholeFile.Write(note, PipelineJson.Write(process), WholeFileOptions.OwnerOnly);
        return process;
    }

    /// <summary>Finds the process that was started last under a note, whether or not it still runs.</summary>
    /// <returns>Null if no process was started.</returns>
    public static ProcessIdentity? Find(string note) => JsonFile.Find<ProcessIdentity>(note);

    private static async Task<ProcessIdentity> StartOnUnixAsync(
        string note, string log, string? end, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        InheritedFiles.KeepFromPrograms();
        ProcessIdentity? last = Find(note);
        string[] launch = [Script, note, log, end ?? "", program, .. arguments];
        try
        {
            ToolOutcome outcome = OperatingSystem.IsLinux()
                ? await CapturedProcess.RunAsync("setsid", ["--fork", Shell, .. launch], workingFolder: null, environment, CancellationToken.None)
                : await CapturedProcess.RunAsync(Shell, ["-c", InOwnGroup, Shell, .. launch], workingFolder: null, environment, CancellationToken.None);
            return Find(note) is { } started && started != last
                ? started
                : throw new ProgramStartException(program, outcome.Errors.Trim());
        }
        catch (Win32Exception e)
        {
            throw new ProgramStartException(program, e.Message, e);
        }
    }

    /// <summary>The command interpreter appends the output to the log. It runs as long as the program, so its id stands for the program.</summary>
    private static ProcessIdentity StartOnWindows(
        string log, string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("cmd.exe", WindowsCommand.Logged(log, program, arguments)) { UseShellExecute = false, CreateNoWindow = true };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            return new ProcessIdentity(process.Id, Start: "");
        }
        catch (Win32Exception e)
        {
            throw new ProgramStartException(program, e.Message, e);
        }
    }
}
