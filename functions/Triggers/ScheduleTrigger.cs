using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Functions.Hosting;
using KeypointPipeline.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Retraining by the clock.</summary>
/// <param name="time">Names the instance.</param>
public sealed class ScheduleTrigger(TimeProvider time)
{
    /// <summary>Starts a retraining; it is skipped, with the reason, when nothing changed since the champion.</summary>
    [Function("RetrainOnSchedule")]
    public Task RunAsync(
        [TimerTrigger("%" + RetrainSchedule.Setting + "%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        new DurableWorkflowClient(client).StartAsync(
            Retrain.Ref,
            new RetrainInput("scheduled", Force: false, Settings: null),
            InstanceIds.ScheduledRetrain(time.GetUtcNow()),
            cancellationToken);
}
