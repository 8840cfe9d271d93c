using Azure;
using Azure.Core;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>Runs the trainer as an execution of a Container Apps job. It records starts in the run's folder, before and after each
/// request, so that a step that runs twice finds its own execution again. If that fails, two trainers of one run may start, and the
/// second ends in favour of the first.</summary>
/// <param name="jobs">The jobs that can train, best first.</param>
/// <param name="client">Azure Resource Manager.</param>
/// <param name="storage">Holds the runs.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For people.</param>
public sealed class ContainerAppsTrainerLauncher(
    TrainerJobs jobs,
    ContainerAppsClient client,
    PipelineStorage storage,
    TimeProvider time,
    ILogger<ContainerAppsTrainerLauncher> logger) : ITrainerLauncher
{
    /// <summary>Azure has to find a GPU and pull an image of several gigabytes; 25 minutes were observed. A failed start is noticed much
    /// earlier, by its execution's state.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(30);

    /// <summary>How long a new execution may be missing from Azure's answers.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMinutes(2);

    private readonly TrainerRecordStore _records = new(storage);
    private readonly TrainingRunStore _runs = new(storage);

    /// <inheritdoc/>
    /// <remarks>Starts on the profile of the last start if that one completed an epoch, otherwise on the next profile. If Azure refuses
    /// for good, it tries the next profile at once. <see cref="LookAsync"/> reports a refusal on the last profile.</remarks>
    public async Task StartAsync(string runId, CancellationToken cancellationToken)
    {
        TrainerRecord record = await _records.ReadAsync(runId, cancellationToken);
        if (await IsUnderWayAsync(record.Last, cancellationToken))
            return;
        int epochs = (await _runs.FindStatusAsync(runId, cancellationToken))?.Epoch ?? 0;
        for (int profile = NextProfile(record.Last, epochs); profile < jobs.Ids.Count; profile++)
        {
            var start = new TrainerStart(
                profile, jobs.Ids[profile].ToString(), time.GetUtcNow(), Math.Max(epochs, record.Last?.EpochsBefore ?? 0));
            record = IsOpen(record.Last) ? record.ReplaceLast(start) : record.Add(start);
            await _records.WriteAsync(runId, record, cancellationToken);
            start = await StartAsync(runId, record, start, cancellationToken);
            record = record.ReplaceLast(start);
            await _records.WriteAsync(runId, record, CancellationToken.None);
            if (start.Refused is null)
                return;
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        TrainerRecord record = await _records.ReadAsync(runId, cancellationToken);
        if (record.Last is not { Stopped: null } last)
            return;
        var job = new ResourceIdentifier(last.Job);
        List<string> executions = [];
        if (last.Refused is null)
        {
            IReadOnlyList<JobExecution> listed = await client.ListExecutionsAsync(job, cancellationToken);
            executions.AddRange(listed.Where(execution => IsLive(execution, runId, record)).Select(execution => execution.Name));

            // The list may not show a new execution yet.
            if (last.Execution is string known && listed.All(execution => execution.Name != known))
                executions.Add(known);
        }

        foreach (string execution in executions)
        {
            await client.StopExecutionAsync(job, execution, cancellationToken);
            logger.LogInformation("Execution {Execution} of {Job} was asked to stop training {RunId}", execution, job.Name, runId);
        }

        await _records.WriteAsync(runId, record.ReplaceLast(last with { Stopped = executions }), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken)
    {
        TrainerRecord record = await _records.ReadAsync(runId, cancellationToken);
        if (record.Last is not TrainerStart last)
            return new TrainerSighting(IsGone: false, StartPatience);
        (bool isGone, string? end) = await FindEndAsync(runId, record, last, cancellationToken);
        return new TrainerSighting(isGone, StartPatience, Describe(last), End: end);
    }

    private async Task<TrainerStart> StartAsync(
        string runId, TrainerRecord record, TrainerStart start, CancellationToken cancellationToken)
    {
        ResourceIdentifier job = jobs.Ids[start.Profile];
        try
        {
            ContainerAppsJobProperties properties = (await client.GetJobAsync(job, cancellationToken)).Properties;
            start = start with { WorkloadProfile = properties.WorkloadProfileName };
            IReadOnlyList<JobExecution> live = await FindLiveAsync(job, runId, record, cancellationToken);
            string execution = live.Count > 0
                ? live[0].Name
                : await client.StartAsync(job, TrainerTemplate.Create(properties.Template, runId, TraceParent.Current), cancellationToken);
            logger.LogInformation(
                "Trainer of {RunId} {Started} as execution {Execution} of {Job} (workload profile {Profile})",
                runId, live.Count > 0 ? "found" : "started", execution, job.Name, start.WorkloadProfile);
            return start with { Execution = execution };
        }
        catch (RequestFailedException e) when (IsForGood(e.Status))
        {
            string reason = $"{e.Status} {e.ErrorCode}: {e.Message.Split('\n')[0].Trim()}";
            logger.LogWarning("{Job} did not start for {RunId}: {Reason}", job.Name, runId, reason);
            return start with { Refused = reason };
        }
    }

    /// <summary>Whether an execution that an interrupted attempt of this step started is still running.</summary>
    private async Task<bool> IsUnderWayAsync(TrainerStart? last, CancellationToken cancellationToken) =>
        last is { Execution: string execution, Stopped: null } && !await HasEndedAsync(last, execution, cancellationToken);

    private async Task<bool> HasEndedAsync(TrainerStart start, string execution, CancellationToken cancellationToken) =>
        HasEnded(start, await client.FindExecutionAsync(new ResourceIdentifier(start.Job), execution, cancellationToken));

    private bool HasEnded(TrainerStart start, JobExecution? execution) =>
        execution?.HasEnded ?? time.GetUtcNow() - start.StartedAt > SettleTime;

    private async Task<IReadOnlyList<JobExecution>> FindLiveAsync(
        ResourceIdentifier job, string runId, TrainerRecord record, CancellationToken cancellationToken) =>
        [.. (await client.ListExecutionsAsync(job, cancellationToken)).Where(execution => IsLive(execution, runId, record))];

    private static bool IsLive(JobExecution execution, string runId, TrainerRecord record) =>
        execution.Trains(runId) && !execution.HasEnded && !record.WasStopped(execution.Name);

    private async Task<(bool IsGone, string? End)> FindEndAsync(
        string runId, TrainerRecord record, TrainerStart last, CancellationToken cancellationToken)
    {
        if (last.Execution is not string name)
            return (last.Refused is not null, null);
        try
        {
            // If Azure.Core repeated a start after a lost answer, there are two executions, and the recorded one may have ended in favour of
            // the other.
            var job = new ResourceIdentifier(last.Job);
            JobExecution? execution = await client.FindExecutionAsync(job, name, cancellationToken);
            bool isGone = HasEnded(last, execution) && (await FindLiveAsync(job, runId, record, cancellationToken)).Count == 0;
            return (isGone, isGone ? execution?.End : null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A failed request says nothing about the trainer, but its heartbeat does.
            logger.LogWarning("The state of execution {Execution}, which trains {RunId}, is unknown: {Reason}", name, runId, e.Message);
            return (false, null);
        }
    }

    private int NextProfile(TrainerStart? last, int epochs)
    {
        if (last is null)
            return 0;
        bool staysThere = IsOpen(last) || (last.Refused is null && epochs > last.EpochsBefore);
        return Math.Min(staysThere ? last.Profile : last.Profile + 1, jobs.Ids.Count - 1);
    }

    /// <summary>Recorded, but interrupted before its outcome was.</summary>
    private static bool IsOpen(TrainerStart? start) => start is { Execution: null, Refused: null, Stopped: null };

    private string Describe(TrainerStart start)
    {
        string name = new ResourceIdentifier(start.Job).Name;
        string place = $"{name} ({start.WorkloadProfile ?? "unknown profile"}), choice {start.Profile + 1} of {jobs.Ids.Count}";
        return start.Refused is null ? place : $"{place}: refused, {start.Refused}";
    }

    // 401 and 403 need a person, and 408 and 429 need time. Any other refusal (a quota, a missing profile or job) would repeat.
    private static bool IsForGood(int status) => status is >= 400 and < 500 and not (401 or 403 or 408 or 429);
}
