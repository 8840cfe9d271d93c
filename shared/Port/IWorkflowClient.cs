using System.Text.Json;

namespace KeypointPipeline.Port;

/// <summary>Starts and queries workflow instances from outside: what triggers, HTTP handlers and commands use.</summary>
public interface IWorkflowClient
{
    /// <summary>Starts an instance unless one exists under the id.</summary>
    /// <returns>Whether this call started it.</returns>
    Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken);

    /// <summary>One instance, or <see langword="null"/>.</summary>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Instances, newest first.</summary>
    Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken);

    /// <summary>Ends an instance and its children.</summary>
    /// <returns>False where it does not exist or has ended already.</returns>
    Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken);

    /// <summary>Raises an event on an instance; it is kept until the workflow waits for it.</summary>
    /// <returns>False where the instance does not exist or has ended already.</returns>
    Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken);

    /// <summary>Deletes the history of ended instances.</summary>
    /// <returns>How many were deleted; 0 where the instance does not exist or still runs.</returns>
    Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken);
}

/// <summary>Filters for <see cref="IWorkflowClient.ListAsync"/>; null means any.</summary>
public sealed record WorkflowQuery(
    IReadOnlyCollection<WorkflowRuntimeStatus>? RuntimeStatus = null,
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    string? Name = null,
    string? InstanceIdPrefix = null,
    int Top = 100);

/// <summary>As Durable Functions names them.</summary>
public enum WorkflowRuntimeStatus
{
    /// <summary>Accepted, not begun.</summary>
    Pending,

    /// <summary>Under way or waiting.</summary>
    Running,

    /// <summary>Ended with an output.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended from outside.</summary>
    Terminated,
}

/// <summary>One instance, as Durable's status query gives it.</summary>
/// <param name="Name">The workflow.</param>
/// <param name="InstanceId">Its id.</param>
/// <param name="RuntimeStatus">Where it stands.</param>
/// <param name="Input">Its input.</param>
/// <param name="CustomStatus">What it set last.</param>
/// <param name="Output">Its output, or the error where it failed, or the reason where it was terminated.</param>
/// <param name="CreatedTime">When it was accepted, UTC.</param>
/// <param name="LastUpdatedTime">When it last moved, UTC.</param>
public sealed record WorkflowStatus(
    string Name,
    string InstanceId,
    WorkflowRuntimeStatus RuntimeStatus,
    JsonElement? Input,
    JsonElement? CustomStatus,
    JsonElement? Output,
    DateTimeOffset CreatedTime,
    DateTimeOffset LastUpdatedTime)
{
    /// <summary>Whether it has ended.</summary>
    public bool HasEnded =>
        RuntimeStatus is WorkflowRuntimeStatus.Completed or WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated;
}
