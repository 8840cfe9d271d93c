using KeypointPipeline.Functions.Durable;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Functions.Housekeeping;

/// <summary>Does what the Azure Storage backend leaves undone when an instance ends before its children: it terminates the children, and then
/// runs the clean-up steps of the terminated instances (<see cref="WorkflowRef{TInput,TOutput}.OnTerminated"/>). A terminated
/// orchestration runs no more code, so it cannot do this itself.</summary>
/// <remarks>Every run may be the first after an outage, and every part of it can run twice. What fails is tried again by the next run.</remarks>
/// <param name="catalog">Names the clean-up steps.</param>
/// <param name="services">Creates them.</param>
/// <param name="slot">Names the training that holds the slot and those that wait for it.</param>
/// <param name="logger">Receives what was ended and cleaned up.</param>
public sealed class TerminationCleanUp(WorkflowCatalog catalog, IServiceProvider services, TrainingSlot slot, ILogger logger)
{
    /// <summary>How long after its termination an instance is cleaned up again by every run. Its last steps may write or start something
    /// after the first clean-up: they run for up to half an hour (<c>functionTimeout</c>), and Durable does not cancel them.</summary>
    public static readonly TimeSpan Repeated = TimeSpan.FromHours(1);

    /// <summary>Everything that may still run, and everything that may need a clean-up.</summary>
    private static readonly OrchestrationRuntimeStatus[] Statuses =
    [
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>Ends children without a parent, and cleans up after terminated instances.</summary>
    /// <param name="client">The task hub.</param>
    /// <param name="lastRun">When the last run began, UTC. Instances that were terminated since then, or at most <see cref="Repeated"/>
    /// before it, are cleaned up.</param>
    /// <param name="cancellationToken">Stops between two instances.</param>
    public async Task RunAsync(DurableTaskClient client, DateTimeOffset lastRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var workflows = new DurableWorkflowClient(client);
        var running = new HashSet<string>(StringComparer.Ordinal);
        var terminated = new Dictionary<string, string>(StringComparer.Ordinal);
        var query = new OrchestrationQuery(Statuses: Statuses);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (instance.RuntimeStatus != OrchestrationRuntimeStatus.Terminated)
                running.Add(instance.InstanceId);
            else if (instance.LastUpdatedAt + Repeated >= lastRun)
                terminated[instance.InstanceId] = instance.Name;
        }

        await EndOrphansAsync(workflows, running, cancellationToken);
        HashSet<string> parents = [.. running.SelectMany(Ancestors)];
        foreach ((string id, string name) in terminated)
        {
            if (!parents.Contains(id) && catalog.Workflows.GetValueOrDefault(name)?.OnTerminated is string step)
                await CleanUpAsync(workflows, id, step, cancellationToken);
        }

        // These may have ended in another way or long ago, or their history may be gone. They block the next training.
        foreach (string training in (await slot.FindAsync(cancellationToken)).Instances)
        {
            if (!running.Contains(training) && !terminated.ContainsKey(training))
                await CleanUpAsync(workflows, training, TrainModel.Ref.OnTerminated!.Name, cancellationToken);
        }
    }

    /// <summary>Terminates every running instance whose parent has ended, and the descendants of these, parents first.</summary>
    private async Task EndOrphansAsync(DurableWorkflowClient workflows, HashSet<string> running, CancellationToken cancellationToken)
    {
        var ended = new Dictionary<string, bool>(StringComparer.Ordinal);

        // A child's id is longer than its parent's.
        foreach (string child in running.OrderBy(id => id.Length))
        {
            if (InstanceIds.ParentOf(child) is not string parent)
                continue;
            if (!ended.TryGetValue(parent, out bool isOver))
                ended.Add(parent, isOver = !running.Contains(parent) && await HasEndedAsync(workflows, parent, cancellationToken));
            if (!isOver)
                continue;
            ended[child] = true;
            await TryAsync(child, async () =>
            {
                if (await workflows.TerminateAsync(child, $"{parent} has ended", cancellationToken))
                    logger.LogWarning("{InstanceId} is terminated, because {Parent} has ended", child, parent);
            });
        }
    }

    private Task CleanUpAsync(DurableWorkflowClient workflows, string id, string step, CancellationToken cancellationToken) => TryAsync(id, async () =>
    {
        WorkflowStatus? status = await workflows.GetAsync(id, cancellationToken);
        if (status is { HasEnded: false })
            return;
        string input = PipelineJson.Write(new TerminatedInstance(id, status?.Input));
        if (PipelineJson.Read<bool>(await catalog.Steps[step].RunAsync(services, input, cancellationToken)))
            logger.LogWarning("{Step} cleaned up after {InstanceId}, which had ended before it could do so itself", step, id);
    });

    /// <summary>One instance that cannot be ended or cleaned up must not stop the others.</summary>
    private async Task TryAsync(string id, Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "{InstanceId} could not be cleaned up, and is tried again in the next run: {Error}", id, e.Message);
        }
    }

    /// <summary>Gets whether an instance has ended. An unknown instance was purged, so it has ended too.</summary>
    private static async Task<bool> HasEndedAsync(DurableWorkflowClient workflows, string instanceId, CancellationToken cancellationToken) =>
        await workflows.GetAsync(instanceId, cancellationToken) is not { HasEnded: false };

    private static IEnumerable<string> Ancestors(string instanceId)
    {
        for (string? parent = InstanceIds.ParentOf(instanceId); parent is not null; parent = InstanceIds.ParentOf(parent))
            yield return parent;
    }
}
