using System.Diagnostics;
using System.Text.Json;
using KeypointPipeline.Local.Azurite;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Training;

/// <summary>Runs the trainer as a process of its own on this machine. It outlives a host that is killed; the next host finds it
/// again by the process it noted, and by its heartbeat.</summary>
public sealed class ChildProcessTrainerLauncher(TrainerProcessOptions options, ILogger<ChildProcessTrainerLauncher> logger) : ITrainerLauncher
{
    private static readonly TimeSpan SavePatience = TimeSpan.FromSeconds(20);

    /// <summary>Libraries load within seconds here; the rest is for a busy machine and for an earlier trainer's lock to lapse.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    /// <inheritdoc/>
    public async Task StartAsync(string runId, CancellationToken cancellationToken)
    {
        if (Find(runId)?.IsRunning() == true)
            return;
        Directory.CreateDirectory(options.Folder);
        ProcessStartInfo start = TrainerProgram.Start(["run", "--run-id", runId]);
        string log = Path.Combine(options.Folder, $"{runId}.log");
        ProcessIdentity process = await DetachedProcess.StartAsync(
            log,
            start.FileName,
            [.. start.ArgumentList],
            new Dictionary<string, string>
            {
                ["KEYPOINTS_STORAGE"] = options.StorageConnectionString,
                [TraceParent.Variable] = TraceParent.Current ?? "",
            },
            cancellationToken);
        await File.WriteAllTextAsync(NoteFile(runId), PipelineJson.Write(process), CancellationToken.None);
        logger.LogInformation("Trainer of {RunId} started as process {Pid}; log: {Log}", runId, process.Pid, log);
    }

    /// <inheritdoc/>
    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        if (Find(runId) is not ProcessIdentity process || !process.IsRunning())
            return;
        ProcessSignals.RequestEnd(process);
        if (!await process.WaitForEndAsync(SavePatience, cancellationToken))
            process.Kill();
    }

    /// <inheritdoc/>
    public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) =>
        Task.FromResult(new TrainerSighting(Find(runId)?.IsRunning() == false, StartPatience));

    /// <summary>Ends every trainer that was started, letting each save: for a host that stops in order.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Folder))
            return;
        IEnumerable<string> runs = Directory.EnumerateFiles(options.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file));
        await Task.WhenAll(runs.Select(run => StopAsync(run, cancellationToken)));
    }

    private string NoteFile(string runId) => Path.Combine(options.Folder, $"{runId}.json");

    private ProcessIdentity? Find(string runId)
    {
        try
        {
            return PipelineJson.Read<ProcessIdentity>(File.ReadAllText(NoteFile(runId)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Never started from here, or cut off while noting it: the heartbeat tells.
            return null;
        }
    }
}

/// <summary>How the trainer's process runs.</summary>
/// <param name="Folder">Folder for its logs and notes.</param>
/// <param name="StorageConnectionString">The storage it works on. Holds a key: never logged, passed by environment.</param>
public sealed record TrainerProcessOptions(string Folder, string StorageConnectionString)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{nameof(TrainerProcessOptions)} {{ {nameof(Folder)} = {Folder} }}";
}
