using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Training;

/// <summary>The trainers that hosts of a data folder have started, by the notes in a folder. A trainer outlives a host that is killed;
/// the next host finds it here.</summary>
/// <param name="folder">Folder of notes, logs and the trainers' datasets; created where missing.</param>
internal sealed class TrainerProcesses(string folder)
{
    private const string NoteEnding = ".json";
    private const string StopEnding = ".stopped";

    private static readonly TimeSpan SavePatience = TimeSpan.FromSeconds(20);

    /// <summary>The trainer of a run that was started last.</summary>
    /// <returns>Null where none was ever started from here: the heartbeat tells.</returns>
    public ProcessIdentity? Find(string runId) => DetachedProcess.Find(NoteFile(runId));

    /// <summary>Starts a trainer.</summary>
    public Task<ProcessIdentity> StartAsync(string runId, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var program = TrainerProgram.Start(["run", "--run-id", runId, "--cache", Path.Combine(folder, "cache")]);
        return DetachedProcess.StartAsync(
            NoteFile(runId), LogFile(runId), program.FileName, [.. program.ArgumentList], environment, cancellationToken);
    }

    /// <summary>Whether the trainer of a run that was started last was asked to end. One that had hardly begun says so nowhere else.</summary>
    public bool WasStopped(string runId) => DetachedProcess.Find(StopFile(runId)) is { } stopped && stopped == Find(runId);

    /// <summary>Ends the trainer of a run, letting it save.</summary>
    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        if (Find(runId) is not ProcessIdentity process || !process.IsRunning())
            return;
        AtomicFile.Write(StopFile(runId), PipelineJson.Write(process));
        ProcessSignals.RequestEnd(process);
        if (!await process.WaitForEndAsync(SavePatience, cancellationToken))
            process.Kill();
    }

    /// <summary>Ends every trainer, letting each save: for a host that stops in order.</summary>
    public Task StopAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Runs().Select(run => StopAsync(run, cancellationToken)));

    /// <summary>Every run that a trainer was started for, whether or not it still runs.</summary>
    public IEnumerable<string> Runs() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*" + NoteEnding).Select(file => Path.GetFileNameWithoutExtension(file))
        : [];

    /// <summary>What a run's trainer prints.</summary>
    public string LogFile(string runId) => Path.Combine(folder, $"{runId}.log");

    private string NoteFile(string runId) => Path.Combine(folder, runId + NoteEnding);

    private string StopFile(string runId) => Path.Combine(folder, runId + StopEnding);
}
