using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Triggers;

/// <summary>Looks for drops that were never handled. Without events, for example because Event Grid cannot reach the app in a private
/// network, it is the only trigger.</summary>
/// <param name="reconciler">Looks for them.</param>
public sealed class ReconcileTrigger(Reconciler reconciler)
{
    /// <summary>Continues where the run before it stopped.</summary>
    [Function("Reconcile")]
    public Task RunAsync(
        [TimerTrigger("%" + Reconciler.ScheduleVariable + "%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => reconciler.RunAsync(new DurableWorkflowClient(client), cancellationToken);
}
