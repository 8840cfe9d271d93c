using System.Text;
using KeypointPipeline.Serialization;
using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Reports on a training while it runs: writes heartbeat, log, metrics and checkpoints, and looks for a request to stop. Slow or
/// absent storage never delays the training.</summary>
internal sealed class RunReporter : IAsyncDisposable
{
    /// <summary>Less than half of the allowed interval, so that one slow write does not look like a dead trainer.</summary>
    private static readonly TimeSpan HeartbeatEvery = TrainingStatus.HeartbeatInterval / 2.5;

    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(1);

    private readonly IRunFolder _folder;
    private readonly RunProgress _progress;
    private readonly RunLog? _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopRequested = new();
    private readonly PeriodicWork _heartbeat;
    private readonly PeriodicWork _checkpoints;
    private readonly PeriodicWork _lines;

    /// <summary>Starts reporting.</summary>
    public RunReporter(IRunFolder folder, RunProgress progress, RunLog? log, TimeProvider time, ILogger logger)
    {
        _log = log;
        _folder = folder;
        _progress = progress;
        _time = time;
        _heartbeat = new PeriodicWork("writing the heartbeat", HeartbeatEvery, BeatAsync, time, logger);
        _checkpoints = new PeriodicWork("writing the checkpoint", CheckpointEvery, WriteCheckpointAsync, time, logger);
        _lines = new PeriodicWork("writing the log", HeartbeatEvery, WriteLogAsync, time, logger);
    }

    /// <summary>Cancelled when the stop file exists.</summary>
    public CancellationToken StopRequested => _stopRequested.Token;

    /// <summary>Ends the loops, then writes the log, the newest checkpoint and the last status.</summary>
    /// <param name="state">The last state.</param>
    /// <param name="fault">Why the training failed, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FinishAsync(TrainingState state, TrainingFault? fault, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _progress.Enter(state, fault);
        await WriteLogAsync(cancellationToken);
        await WriteCheckpointAsync(cancellationToken);
        await _folder.WriteDocumentAsync(TrainingRunFiles.Status, _progress.StatusAt(_time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Ends the loops without writing a last status. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _heartbeat.DisposeAsync();
        await _checkpoints.DisposeAsync();
        await _lines.DisposeAsync();
        _stopRequested.Dispose();
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await _folder.WriteDocumentAsync(TrainingRunFiles.Status, _progress.StatusAt(_time.GetUtcNow()), cancellationToken);
        if (await _folder.ExistsAsync(TrainingRunFiles.Stop, cancellationToken))
            await _stopRequested.CancelAsync();
    }

    private Task WriteLogAsync(CancellationToken cancellationToken) => _log?.WriteAsync(_folder, cancellationToken) ?? Task.CompletedTask;

    private async Task WriteCheckpointAsync(CancellationToken cancellationToken)
    {
        Checkpoint? checkpoint = _progress.Checkpoint;
        if (checkpoint is null)
            return;
        await WriteMetricsAsync(checkpoint.Header.Metrics, cancellationToken);
        await _folder.WriteAsync(TrainingRunFiles.Checkpoint, CheckpointFile.Write(checkpoint), cancellationToken);
        _progress.Forget(checkpoint);
    }

    // Writes the whole file each time, so that it has no epoch twice after a resume and readers see whole lines.
    private Task WriteMetricsAsync(IReadOnlyList<EpochMetrics> metrics, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (EpochMetrics epoch in metrics)
            lines.Append(PipelineJson.Write(epoch)).Append('\n');
        return _folder.WriteAsync(TrainingRunFiles.Metrics, Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
    }
}
