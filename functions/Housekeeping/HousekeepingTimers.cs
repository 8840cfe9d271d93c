using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Housekeeping;

/// <summary>What the task hub does not do by itself.</summary>
/// <param name="slot">Knows whose training it is.</param>
/// <param name="cleanUp">Stops a trainer and frees the slot.</param>
/// <param name="time">Measures the age of histories.</param>
/// <param name="logger">Says what was tidied.</param>
public sealed class HousekeepingTimers(
    TrainingSlot slot, CleanUpTraining cleanUp, TimeProvider time, ILogger<HousekeepingTimers> logger)
{
    /// <summary>Histories of ended instances are kept this long after the instance was created.</summary>
    public static readonly TimeSpan HistoryKept = TimeSpan.FromDays(30);

    /// <summary>Every five minutes: a terminated orchestration runs no code of its own any more, so its trainer is stopped and its
    /// turn given to the next from here.</summary>
    [Function("CleanUpTerminatedTraining")]
    public async Task CleanUpTerminatedTrainingAsync(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await slot.FindHolderAsync(cancellationToken) is not string training)
            return;
        var workflows = new DurableWorkflowClient(client);
        if (!await HasEndedAsync(workflows, training, cancellationToken))
        {
            // Its parent is what the user saw, and terminating that one leaves its children running.
            if (InstanceIds.ParentOfTraining(training) is not string parent
                || await workflows.GetAsync(parent, cancellationToken) is not { RuntimeStatus: WorkflowRuntimeStatus.Terminated })
            {
                return;
            }

            await workflows.TerminateAsync(training, $"{parent} was terminated", cancellationToken);
        }

        await cleanUp.RunAsync(training, cancellationToken);
        logger.LogWarning("Training {RunId} was ended from outside: its trainer is stopped", training);
    }

    /// <summary>Every night: forgets ended instances that were created more than <see cref="HistoryKept"/> ago.</summary>
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

    /// <summary>Also where nobody remembers it: it was purged.</summary>
    private static async Task<bool> HasEndedAsync(DurableWorkflowClient workflows, string instanceId, CancellationToken cancellationToken) =>
        await workflows.GetAsync(instanceId, cancellationToken) is not { HasEnded: false };
}
