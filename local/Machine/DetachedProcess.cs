using KeypointPipeline.Files;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Machine;

/// <summary>Starts programs that outlive this one, whatever becomes of it, with their output in a log file. A note tells the next one
/// which process it is, also where this one dies the moment it has started.</summary>
internal static class DetachedProcess
{
    private static readonly string Script = Path.Combine(RepositoryRoot.Path, "local", "Machine", "launch.cjs");

    /// <summary>Starts a program.</summary>
    /// <param name="note">File that says which process it is; its folder must exist.</param>
    /// <param name="log">File that its output is appended to; its folder must exist.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Added to this process's environment.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">It cannot be started; the message says why.</exception>
    public static async Task<ProcessIdentity> StartAsync(
        string note,
        string log,
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await NodeTool.RunScriptAsync([Script, note, log, program, .. arguments], environment, cancellationToken);
        if (outcome.ExitCode != 0 || !int.TryParse(outcome.Output.Trim(), out int pid))
            throw new InvalidOperationException($"{program} could not be started: {outcome.Errors.Trim()}");

        // One that ended already has said why in the log.
        ProcessIdentity process = ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, "");
        WholeFile.Write(note, PipelineJson.Write(process), WholeFileOptions.OwnerOnly);
        return process;
    }

    /// <summary>The process that was started last under a note, whether or not it still runs.</summary>
    /// <returns>Null where none was.</returns>
    public static ProcessIdentity? Find(string note) => JsonFile.Find<ProcessIdentity>(note);
}
