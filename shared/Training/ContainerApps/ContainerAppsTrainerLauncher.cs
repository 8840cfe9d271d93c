using Azure;
using Azure.Core;
using KeypointPipeline.Storage;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Training.ContainerApps;

/// <summary>Runs the trainer as an execution of a Container Apps job. What it started it notes in the run's folder, before and after
/// each request, so that a step that runs twice finds its own execution again. Where it cannot be seen, two trainers of one run may
/// start; the second gives way to the first.</summary>
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
    /// <summary>A GPU has to be found, an image of several gigabytes pulled: 25 minutes until the trainer ran were seen. A start that
    /// fails is noticed by its execution's state, long before.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(30);

    /// <summary>An execution that was just started may not be found yet.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMinutes(2);

    private readonly TrainerRecordStore _records = new(storage);
    private readonly TrainingRunStore _runs = new(storage);

    /// <inheritdoc/>
    /// <remarks>Starts on the profile of the last start where that one did an epoch, else one further down; what Azure refuses for
    /// good is tried one further down at once. On the last profile a refusal is left for <see cref="LookAsync"/> to report.</remarks>
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

            // The list may not show yet what was just started.
            if (last.Execution is string known && listed.All(execution => execution.Name != known))
                executions.Add(known);
        }

        foreach (string execution in executions)
        {
            await client.StopExecutionAsync(job, execution, cancellationToken);
            logger.LogInformation("Execution {Execution} of {Job} was told to stop training {RunId}", execution, job.Name, runId);
        }

        await _records.WriteAsync(runId, record.ReplaceLast(last with { Stopped = executions }), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken)
    {
        TrainerRecord record = await _records.ReadAsync(runId, cancellationToken);
        return record.Last is TrainerStart last
            ? new TrainerSighting(await IsGoneAsync(runId, record, last, cancellationToken), StartPatience, Describe(last))
            : new TrainerSighting(IsGone: false, StartPatience);
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

    /// <summary>Whether a start that this step made before it was cut off stands.</summary>
    private async Task<bool> IsUnderWayAsync(TrainerStart? last, CancellationToken cancellationToken) =>
        last is { Execution: string execution, Stopped: null } && !await HasEndedAsync(last, execution, cancellationToken);

    private async Task<bool> HasEndedAsync(TrainerStart start, string execution, CancellationToken cancellationToken) =>
        (await client.FindExecutionAsync(new ResourceIdentifier(start.Job), execution, cancellationToken))?.HasEnded
        ?? time.GetUtcNow() - start.StartedAt > SettleTime;

    private async Task<IReadOnlyList<JobExecution>> FindLiveAsync(
        ResourceIdentifier job, string runId, TrainerRecord record, CancellationToken cancellationToken) =>
        [.. (await client.ListExecutionsAsync(job, cancellationToken)).Where(execution => IsLive(execution, runId, record))];

    private static bool IsLive(JobExecution execution, string runId, TrainerRecord record) =>
        execution.Trains(runId) && !execution.HasEnded && !record.WasStopped(execution.Name);

    private async Task<bool> IsGoneAsync(string runId, TrainerRecord record, TrainerStart last, CancellationToken cancellationToken)
    {
        if (last.Execution is not string name)
            return last.Refused is not null;
        try
        {
            // A start that Azure.Core sent again after a lost answer made two executions, of which the noted one may have given way.
            return await HasEndedAsync(last, name, cancellationToken)
                && (await FindLiveAsync(new ResourceIdentifier(last.Job), runId, record, cancellationToken)).Count == 0;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever kept us from asking says nothing of the trainer; its heartbeat does.
            logger.LogWarning("The state of execution {Execution} that trains {RunId} is not known: {Reason}", name, runId, e.Message);
            return false;
        }
    }

    private int NextProfile(TrainerStart? last, int epochs)
    {
        if (last is null)
            return 0;
        bool staysThere = IsOpen(last) || (last.Refused is null && epochs > last.EpochsBefore);
        return Math.Min(staysThere ? last.Profile : last.Profile + 1, jobs.Ids.Count - 1);
    }

    /// <summary>Noted, but cut off before its outcome was.</summary>
    private static bool IsOpen(TrainerStart? start) => start is { Execution: null, Refused: null, Stopped: null };

    private string Describe(TrainerStart start)
    {
        string name = new ResourceIdentifier(start.Job).Name;
        string place = $"{name} ({start.WorkloadProfile ?? "unknown profile"}), choice {start.Profile + 1} of {jobs.Ids.Count}";
        return start.Refused is null ? place : $"{place}: refused, {start.Refused}";
    }

    // 401 and 403 are for people to mend, 408 and 429 for time. Any other refusal (a quota, a profile or job that is not there)
    // comes again each time it is asked.
    private static bool IsForGood(int status) => status is >= 400 and < 500 and not (401 or 403 or 408 or 429);
}
