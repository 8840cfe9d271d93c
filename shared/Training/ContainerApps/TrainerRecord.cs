using KeypointPipeline.Storage;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary><c>runs/{runId}/trainer.json</c>: the starts of the trainer for a run in Container Apps, oldest first.</summary>
public sealed record TrainerRecord(IReadOnlyList<TrainerStart> Starts)
{
    /// <summary>The record of a run that has not been started.</summary>
    public static TrainerRecord Empty { get; } = new([]);

    /// <summary>The newest start, or null.</summary>
    public TrainerStart? Last => Starts.Count == 0 ? null : Starts[^1];

    /// <summary>This record with one more start.</summary>
    public TrainerRecord Add(TrainerStart start) => new([.. Starts, start]);

    /// <summary>This record with its last start replaced.</summary>
    public TrainerRecord ReplaceLast(TrainerStart start) => new([.. Starts.SkipLast(1), start]);

    /// <summary>Whether an execution was asked to stop.</summary>
    public bool WasStopped(string execution) => Starts.Any(start => start.Stopped?.Contains(execution, StringComparer.Ordinal) == true);
}

/// <summary>One start of the trainer.</summary>
/// <param name="Profile">Index of the job in <see cref="TrainerJobs"/>.</param>
/// <param name="Job">The job's resource id.</param>
/// <param name="StartedAt">When it was requested, UTC.</param>
/// <param name="EpochsBefore">Epochs that were completed by then.</param>
/// <param name="WorkloadProfile">The name of the hardware, once known.</param>
/// <param name="Execution">The execution's name, once known.</param>
/// <param name="Refused">Why Azure did not start it, or null.</param>
/// <param name="Stopped">The executions that were asked to stop; null while the trainer should run.</param>
public sealed record TrainerStart(
    int Profile,
    string Job,
    DateTimeOffset StartedAt,
    int EpochsBefore,
    string? WorkloadProfile = null,
    string? Execution = null,
    string? Refused = null,
    IReadOnlyList<string>? Stopped = null);

/// <summary>Reads and writes <see cref="TrainerRecord"/>s.</summary>
internal sealed class TrainerRecordStore(PipelineStorage storage)
{
    public async Task<TrainerRecord> ReadAsync(string runId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainerRecord>(BlobLayout.Runs, Name(runId), cancellationToken))?.Value ?? TrainerRecord.Empty;

    public Task WriteAsync(string runId, TrainerRecord record, CancellationToken cancellationToken) =>
        storage.WriteAsync(BlobLayout.Runs, Name(runId), record, cancellationToken);

    private static string Name(string runId) => $"{runId}/{TrainingRunFiles.Trainer}";
}
