using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Housekeeping;

/// <summary>Timers that clean up what the task hub does not clean up by itself.</summary>
/// <param name="services">Creates the steps that clean up.</param>
/// <param name="slot">Names the training that holds the slot and those that wait for it.</param>
/// <param name="time">Measures the age of histories.</param>
/// <param name="logger">Logs what was cleaned up.</param>
public sealed class HousekeepingTimers(
    IServiceProvider services, TrainingSlot slot, TimeProvider time, ILogger<HousekeepingTimers> logger)
{
    /// <summary>Time after an instance's creation for which its history is kept, once it has ended.</summary>
    public static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    /// <summary>Every minute: ends the children of terminated, failed and purged instances, then cleans up after terminated
    /// instances.</summary>
    [Function("CleanUpTerminated")]
    public Task CleanUpTerminatedAsync(
        [TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        // The record was written before this run. Without one, every termination in the history counts as new.
        DateTimeOffset lastRun = timer?.ScheduleStatus is ScheduleStatus record ? new(record.Last.ToUniversalTime()) : DateTimeOffset.MinValue;
        return new TerminationCleanUp(PipelineCatalog.Create(), services, slot, logger).RunAsync(client, lastRun, cancellationToken);
    }

    /// <summary>Every night at 1:30: purges ended instances that were created more than <see cref="HistoryKept"/> ago.</summary>
    [Function("PurgeOldHistory")]
    public async Task PurgeOldHistoryAsync(
        [TimerTrigger("0 30 1 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset until = time.GetUtcNow() - HistoryKept;
        var ended = new PurgeInstancesFilter(
            DateTimeOffset.UnixEpoch,
            until,
            [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated]);
        PurgeResult purged = await client.PurgeAllInstancesAsync(ended, cancellationToken);
        logger.LogInformation("Purged {Count} instances created before {Until:u}", purged.PurgedInstanceCount, until);
    }
}
