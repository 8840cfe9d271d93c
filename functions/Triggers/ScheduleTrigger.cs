using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Starts retrainings on a schedule.</summary>
/// <param name="time">Gives the due time if the host keeps no record of the schedule.</param>
public sealed class ScheduleTrigger(TimeProvider time)
{
    /// <summary>Starts a retraining. The workflow skips it, with the reason, if nothing changed since the champion.</summary>
    [Function("RetrainOnSchedule")]
    public Task RunAsync(
        [TimerTrigger("%" + Retrain.ScheduleVariable + "%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // The record was written before this firing, so its next time is due now.
        DateTimeOffset due = timer?.ScheduleStatus is ScheduleStatus record ? new DateTimeOffset(record.Next.ToUniversalTime()) : time.GetUtcNow();
        return new DurableWorkflowClient(client).StartAsync(
            Retrain.Ref,
            new RetrainInput($"schedule, due {due.UtcDateTime:u}", Force: false, Settings: null),
            InstanceIds.ScheduledRetrain(due),
            cancellationToken);
    }
}
