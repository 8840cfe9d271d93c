using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Training;

/// <summary>Runs the trainer in its own process on this machine. The process outlives a killed host. The next host finds it by its
/// note and its heartbeat.</summary>
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
    public async Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken)
    {
        bool isGone = _processes.Find(runId)?.IsRunning() == false;
        bool wasStopped = _processes.WasStopped(runId);
        string? end = isGone && !wasStopped ? await _processes.DescribeEndAsync(runId, cancellationToken) : null;
        return new TrainerSighting(isGone, StartPatience, WasStopped: wasStopped, End: end);
    }
}

/// <summary>Options for the trainer's process.</summary>
/// <param name="Folder">Folder for the logs, notes and datasets of trainers.</param>
/// <param name="StorageConnectionString">Connection string of the storage. It holds a key, so it is passed in the environment and never logged.</param>
public sealed record TrainerProcessOptions(string Folder, string StorageConnectionString)
{
    /// <summary>Formats the options without the key.</summary>
    public override string ToString() => $"{nameof(TrainerProcessOptions)} {{ {nameof(Folder)} = {Folder} }}";
}
