using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Starts retrainings on a schedule.</summary>
/// <param name="time">Tells a run on schedule from a run by hand. Gives the due time if the host keeps no record of the schedule.</param>
public sealed class ScheduleTrigger(TimeProvider time)
{
    /// <summary>A timer may fire this much before its time, because the clock was set since it was started.</summary>
    private static readonly TimeSpan MostEarly = TimeSpan.FromMinutes(1);

    /// <summary>Starts a retraining, on schedule or by hand (<c>POST /admin/functions/RetrainOnSchedule</c>). The workflow skips it, with the
    /// reason, if nothing changed since the champion.</summary>
    [Function("RetrainOnSchedule")]
    public Task RunAsync(
        [TimerTrigger("%" + Retrain.ScheduleVariable + "%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // The record was written before this firing. So its next time is due now, or missed. A person gets the same record, but runs the
        // function at another time.
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset due = timer?.ScheduleStatus is ScheduleStatus record ? new DateTimeOffset(record.Next.ToUniversalTime()) : now;
        (string reason, string instanceId) = due <= now + MostEarly
            ? ($"schedule, due {due.UtcDateTime:u}", InstanceIds.ScheduledRetrain(due))
            : ($"run by hand at {now.UtcDateTime:u}", InstanceIds.RequestedRetrain(now));
        return new DurableWorkflowClient(client).StartAsync(
            Retrain.Ref, new RetrainInput(reason, Force: false, Settings: null), instanceId, cancellationToken);
    }
}
