using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Housekeeping;

/// <summary>Timers that clean up what the task hub does not clean up by itself.</summary>
/// <param name="slot">Names the training that holds the slot and those that wait for it.</param>
/// <param name="cleanUp">Stops a trainer and frees the slot or the place in the line.</param>
/// <param name="time">Measures the age of histories.</param>
/// <param name="logger">Logs what was cleaned up.</param>
public sealed class HousekeepingTimers(
    TrainingSlot slot, CleanUpTraining cleanUp, TimeProvider time, ILogger<HousekeepingTimers> logger)
{
    /// <summary>Time after an instance's creation for which its history is kept, once it has ended.</summary>
    public static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    /// <summary>Every five minutes: stops the trainer of a terminated training and frees its slot, or its place in the line, for the next
    /// training. The terminated orchestration runs no code, so it cannot do this itself.</summary>
    [Function("CleanUpTerminatedTraining")]
    public async Task CleanUpTerminatedTrainingAsync(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var workflows = new DurableWorkflowClient(client);
        foreach (string training in (await slot.FindAsync(cancellationToken)).Instances)
            await CleanUpAsync(workflows, training, cancellationToken);
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

    /// <summary>Cleans up after a training that has ended, or that must end because its parent was terminated.</summary>
    private async Task CleanUpAsync(DurableWorkflowClient workflows, string training, CancellationToken cancellationToken)
    {
        if (!await HasEndedAsync(workflows, training, cancellationToken))
        {
            // The user sees and terminates the parent. Terminating a parent leaves its children running.
            if (InstanceIds.ParentOf(training) is not string parent
                || await workflows.GetAsync(parent, cancellationToken) is not { RuntimeStatus: WorkflowRuntimeStatus.Terminated })
            {
                return;
            }

            await workflows.TerminateAsync(training, $"{parent} was terminated", cancellationToken);
        }

        await cleanUp.RunAsync(new TerminatedInstance(training, Input: null), cancellationToken);
        logger.LogWarning("Training {RunId} ended without giving up its turn: its trainer is stopped, and the next training can start", training);
    }

    /// <summary>Gets whether an instance has ended. An unknown instance was purged, so it has ended too.</summary>
    private static async Task<bool> HasEndedAsync(DurableWorkflowClient workflows, string instanceId, CancellationToken cancellationToken) =>
        await workflows.GetAsync(instanceId, cancellationToken) is not { HasEnded: false };
}
