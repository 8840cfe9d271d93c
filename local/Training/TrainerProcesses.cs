using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;

namespace KeypointPipeline.Local.Training;

/// <summary>Starts, finds and stops the trainers of a data folder. Notes in a folder name their processes. A trainer outlives a killed
/// host, and the next host finds it here.</summary>
/// <param name="folder">Folder of notes, logs and the trainers' datasets; created if missing.</param>
internal sealed class TrainerProcesses(string folder)
{
    private const string NoteEnding = ".json";
    private const string StopEnding = ".stopped";
    private const string EndEnding = ".end";

    private static readonly TimeSpan SavePatience = TimeSpan.FromSeconds(20);

    /// <summary>Gets the folder in which trainers keep their datasets, a subfolder per run.</summary>
    public static string CacheIn(string folder) => Path.Combine(folder, "cache");

    /// <summary>Finds the newest trainer of a run.</summary>
    /// <returns>Null if no trainer was started from here. Then only the heartbeat shows whether one runs.</returns>
    public ProcessIdentity? Find(string runId) => DetachedProcess.Find(NoteFile(runId));

    /// <summary>Starts a trainer for a run.</summary>
    public Task<ProcessIdentity> StartAsync(string runId, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var program = TrainerProgram.Start([.. TrainerCommandLine.ForRun(runId), TrainerCommandLine.Cache, CacheIn(folder)]);
        return DetachedProcess.StartAsync(
            NoteFile(runId), LogFile(runId), program.FileName, [.. program.ArgumentList], environment, cancellationToken, EndFile(runId));
    }

    /// <summary>Gets whether the newest trainer of a run was asked to end. A trainer that had hardly begun leaves no other trace of that.</summary>
    public bool WasStopped(string runId) => DetachedProcess.Find(StopFile(runId)) is { } stopped && stopped == Find(runId);

    /// <summary>Describes how the newest trainer of a run ended, for example <c>killed (signal 9, most likely out of memory)</c>.</summary>
    /// <returns>Null if no signal ended it, it still runs, or its end is not known.</returns>
    public async Task<string?> DescribeEndAsync(string runId, CancellationToken cancellationToken)
    {
        if (Find(runId) is not ProcessIdentity process || process.IsRunning())
            return null;
        return await ProcessEnd.FindAsync(EndFile(runId), process, TimeProvider.System, cancellationToken) is { } end
            ? ExitCodes.DescribeSignal(end.ExitCode)
            : null;
    }

    /// <summary>Ends the trainer of a run, after it has had time to save.</summary>
    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        if (Find(runId) is not ProcessIdentity process || !process.IsRunning())
            return;
        WholeFile.Write(StopFile(runId), PipelineJson.Write(process), WholeFileOptions.OwnerOnly);
        ProcessSignals.RequestEnd(process);
        if (!await process.WaitForEndAsync(SavePatience, cancellationToken))
            process.Kill();
    }

    /// <summary>Ends all trainers, after they have had time to save. A host calls it when it stops in order.</summary>
    public Task StopAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Runs().Select(run => StopAsync(run, cancellationToken)));

    /// <summary>Lists the runs for which a trainer was started, whether or not it still runs.</summary>
    public IEnumerable<string> Runs() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*" + NoteEnding).Select(file => Path.GetFileNameWithoutExtension(file))
        : [];

    /// <summary>Gets the path of the log of a run's trainer.</summary>
    public string LogFile(string runId) => Path.Combine(folder, $"{runId}.log");

    private string NoteFile(string runId) => Path.Combine(folder, runId + NoteEnding);

    private string StopFile(string runId) => Path.Combine(folder, runId + StopEnding);

    private string EndFile(string runId) => Path.Combine(folder, runId + EndEnding);
}
