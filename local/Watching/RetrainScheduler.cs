using KeypointPipeline.Files;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Watching;

/// <summary>Starts <see cref="Retrain"/> on a schedule. If several times were missed while no host ran, starts one retraining for all of
/// them. A time never starts two retrainings, because the instance id is derived from it.</summary>
public sealed class RetrainScheduler(
    RetrainSchedulerOptions options, IWorkflowClient workflows, TimeProvider time, ILogger<RetrainScheduler> logger)
    : BackgroundService
{
    /// <summary>Longest single wait. The clock may be changed during a wait, so the time is checked again after it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RetryAfterError = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset since = JsonFile.Find<SchedulerState>(options.StateFile) is { } last && last.Schedule == options.Schedule.Text ? last.Since : Remember(time.GetUtcNow());
        while (options.Schedule.NextAfter(since) is DateTimeOffset next)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < since)
            {
                // The clock was ahead and has been set back. Scheduled times come again; those already handled are known by their ids.
                since = Remember(now);
                continue;
            }

            if (now < next)
            {
                TimeSpan wait = next - now;
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stoppingToken);
                continue;
            }

            DateTimeOffset due = options.Schedule.LastDue(since, now) ?? next;
            if (await TryStartAsync(due, stoppingToken))
                since = Remember(due);
            else
                await Task.Delay(RetryAfterError, time, stoppingToken);
        }

        logger.LogInformation("Schedule {Schedule} has no more times: no retraining will be started", options.Schedule.Text);
    }

    private async Task<bool> TryStartAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        string instanceId = InstanceIds.ScheduledRetrain(due);
        try
        {
            var input = new RetrainInput($"schedule {options.Schedule.Text}, due {due.UtcDateTime:u}", Force: false, Settings: null);
            if (await workflows.StartAsync(Retrain.Ref, input, instanceId, cancellationToken))
                logger.LogInformation("Schedule {Schedule} started {InstanceId}", options.Schedule.Text, instanceId);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Scheduled retraining {InstanceId} could not start; retrying in {Wait}", instanceId, RetryAfterError);
            return false;
        }
    }

    /// <summary>Stores the last handled time. If it cannot be stored (disk full), a restart finds the same times due again, but their
    /// ids known.</summary>
    private DateTimeOffset Remember(DateTimeOffset since)
    {
        try
        {
            WholeFile.Write(
                options.StateFile, PipelineJson.Write(new SchedulerState(options.Schedule.Text, since)), WholeFileOptions.OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("{File} could not be written: {Reason}", options.StateFile, e.Message);
        }

        return since;
    }

    private sealed record SchedulerState(string Schedule, DateTimeOffset Since);
}

/// <summary>Options of <see cref="RetrainScheduler"/>.</summary>
/// <param name="Schedule">The schedule of retrainings.</param>
/// <param name="StateFile">File that stores the last handled time. A new schedule counts from the time when it is first seen.</param>
public sealed record RetrainSchedulerOptions(RetrainSchedule Schedule, string StateFile);
