using KeypointPipeline.Local.Machine;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Training;

/// <summary>Runs the trainer as a process of its own on this machine. It outlives a host that is killed. The next host finds it
/// again by its note and its heartbeat.</summary>
public sealed class ChildProcessTrainerLauncher(TrainerProcessOptions options, ILogger<ChildProcessTrainerLauncher> logger) : ITrainerLauncher
{
    /// <summary>Libraries load within seconds. The rest covers a busy machine and the time until an earlier trainer's lock expires.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly TrainerProcesses _processes = new(options.Folder);

    /// <inheritdoc/>
    public async Task StartAsync(string runId, CancellationToken cancellationToken)
    {
        if (_processes.Find(runId)?.IsRunning() == true)
            return;
        var environment = new Dictionary<string, string>
        {
            [TrainerVariables.Storage] = options.StorageConnectionString,
            [TrainerVariables.TraceParent] = TraceParent.Current ?? "",
        };
        ProcessIdentity process = await _processes.StartAsync(runId, environment, cancellationToken);
        logger.LogInformation("Trainer of {RunId} started as process {Pid}; log: {Log}", runId, process.Pid, _processes.LogFile(runId));
    }

    /// <inheritdoc/>
    public Task StopAsync(string runId, CancellationToken cancellationToken) => _processes.StopAsync(runId, cancellationToken);

    /// <inheritdoc/>
    public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) =>
        Task.FromResult(new TrainerSighting(
            _processes.Find(runId)?.IsRunning() == false, StartPatience, WasStopped: _processes.WasStopped(runId)));
}

/// <summary>How the trainer's process runs.</summary>
/// <param name="Folder">Folder for its logs, notes and datasets.</param>
/// <param name="StorageConnectionString">The storage it works on. Holds a key, so it is passed in the environment and never logged.</param>
public sealed record TrainerProcessOptions(string Folder, string StorageConnectionString)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{nameof(TrainerProcessOptions)} {{ {nameof(Folder)} = {Folder} }}";
}
