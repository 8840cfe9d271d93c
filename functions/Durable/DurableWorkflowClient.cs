using System.Text.Json;
using KeypointPipeline.Port;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Durable;

/// <summary>Starts and queries workflows on a Durable task hub.</summary>
/// <param name="client">The hub's client, from the <c>DurableClient</c> binding.</param>
public sealed class DurableWorkflowClient(DurableTaskClient client) : IWorkflowClient
{
    /// <summary>A start never replaces an instance, not even an ended instance.</summary>
    private static readonly IReadOnlyList<OrchestrationRuntimeStatus> AnyStatus = StartOrchestrationOptionsExtensions.ValidDedupeStatuses;

    /// <inheritdoc/>
    public async Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        if (await ExistsAsync(instanceId, cancellationToken))
            return false;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                workflow.Name, input, new StartOrchestrationOptions(instanceId).WithDedupeStatuses([.. AnyStatus]), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Each backend throws its own exception if another caller was first. Only the existence of the instance counts.
            if (await ExistsAsync(instanceId, cancellationToken))
                return false;
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken) is OrchestrationMetadata found
            ? ToStatus(found)
            : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var filter = new OrchestrationQuery
        {
            CreatedFrom = query.CreatedFrom,
            CreatedTo = query.CreatedTo,
            InstanceIdPrefix = query.InstanceIdPrefix,
            FetchInputsAndOutputs = true,
        };
        var found = new List<WorkflowStatus>();
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(filter).WithCancellation(cancellationToken))
        {
            WorkflowStatus status = ToStatus(instance);
            if ((query.Name is null || query.Name == status.Name) && query.RuntimeStatus?.Contains(status.RuntimeStatus) != false)
                found.Add(status);
        }

        // Task hubs return instances in the order of their ids.
        return [.. found.OrderByDescending(status => status.CreatedTime).Take(query.Top)];
    }

    /// <inheritdoc/>
    public async Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        if (!await IsUnderWayAsync(instanceId, cancellationToken))
            return false;
        await client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason, Recursive: true), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken)
    {
        if (!await IsUnderWayAsync(instanceId, cancellationToken))
            return false;
        await client.RaiseEventAsync(instanceId, name, data, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await GetAsync(instanceId, cancellationToken) is not { HasEnded: true })
            return 0;
        PurgeResult purged = await client.PurgeInstanceAsync(instanceId, new PurgeInstanceOptions(Recursive: true), cancellationToken);
        return purged.PurgedInstanceCount;
    }

    private static WorkflowStatus ToStatus(OrchestrationMetadata found) => new(
        found.Name,
        found.InstanceId,
        ToStatus(found.RuntimeStatus),
        StoredJson.Read(found.SerializedInput),
        StoredJson.Read(found.SerializedCustomStatus),
        found.FailureDetails is TaskFailureDetails failure ? JsonSerializer.SerializeToElement(failure.ErrorMessage) : StoredJson.Read(found.SerializedOutput),
        found.CreatedAt,
        found.LastUpdatedAt);

    private static WorkflowRuntimeStatus ToStatus(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Pending => WorkflowRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Completed => WorkflowRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed => WorkflowRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated => WorkflowRuntimeStatus.Terminated,
        _ => WorkflowRuntimeStatus.Running,
    };

    private async Task<bool> ExistsAsync(string instanceId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is not null;

    private async Task<bool> IsUnderWayAsync(string instanceId, CancellationToken cancellationToken) =>
        await GetAsync(instanceId, cancellationToken) is { HasEnded: false };
}
