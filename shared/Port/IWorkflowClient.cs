using System.Text.Json;

namespace KeypointPipeline.Port;

/// <summary>Starts and queries workflow instances from outside. Triggers, HTTP handlers and commands use it.</summary>
public interface IWorkflowClient
{
    /// <summary>Starts an instance unless one with this id exists.</summary>
    /// <returns>Whether this call started it.</returns>
    Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken);

    /// <summary>Finds an instance.</summary>
    /// <returns>Its status, or <see langword="null"/> if it does not exist.</returns>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Lists instances, newest first.</summary>
    Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken);

    /// <summary>Ends an instance and its children.</summary>
    /// <returns>False if it does not exist or has already ended.</returns>
    Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken);

    /// <summary>Raises an event on an instance. The event is kept until the workflow waits for it.</summary>
    /// <returns>False if the instance does not exist or has already ended.</returns>
    Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken);

    /// <summary>Deletes the history of an ended instance and its children.</summary>
    /// <returns>The number of deleted instances; 0 if the instance does not exist or still runs.</returns>
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

/// <summary>The states of an instance, named as in Durable Functions.</summary>
public enum WorkflowRuntimeStatus
{
    /// <summary>Accepted but not yet running.</summary>
    Pending,

    /// <summary>Running or waiting.</summary>
    Running,

    /// <summary>Ended with an output.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Ended from outside.</summary>
    Terminated,
}

/// <summary>One instance, with the members of Durable's status query.</summary>
/// <param name="Name">The workflow.</param>
/// <param name="InstanceId">Its id.</param>
/// <param name="RuntimeStatus">Its state.</param>
/// <param name="Input">Its input.</param>
/// <param name="CustomStatus">The status that the workflow set last.</param>
/// <param name="Output">Its output; the error if it failed; the reason if it was terminated.</param>
/// <param name="CreatedTime">When it was accepted, UTC.</param>
/// <param name="LastUpdatedTime">When it last changed, UTC.</param>
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
