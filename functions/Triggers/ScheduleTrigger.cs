using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Retraining by the clock.</summary>
/// <param name="time">Names the instance where the host keeps no record of the schedule.</param>
public sealed class ScheduleTrigger(TimeProvider time)
{
    /// <summary>Starts a retraining; it is skipped, with the reason, when nothing changed since the champion.</summary>
    [Function("RetrainOnSchedule")]
    public Task RunAsync(
        [TimerTrigger("%" + Retrain.ScheduleVariable + "%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // The record is of before this firing: what was next then is due now.
        DateTimeOffset due = timer?.ScheduleStatus is ScheduleStatus record ? new DateTimeOffset(record.Next.ToUniversalTime()) : time.GetUtcNow();
        return new DurableWorkflowClient(client).StartAsync(
            Retrain.Ref,
            new RetrainInput($"schedule, due {due.UtcDateTime:u}", Force: false, Settings: null),
            InstanceIds.ScheduledRetrain(due),
            cancellationToken);
    }
}
