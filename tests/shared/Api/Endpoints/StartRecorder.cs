using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Remembers what was started and terminated; knows the instances that a test says are running.</summary>
internal sealed class StartRecorder : IWorkflowClient
{
    public List<(string Workflow, string Input, string InstanceId)> Started { get; } = [];

    public List<WorkflowStatus> Running { get; } = [];

    public List<string> Terminated { get; } = [];

    /// <summary>Runs after an instance was terminated.</summary>
    public Func<Task> AfterTerminate { get; set; } = () => Task.CompletedTask;

    /// <summary>Says that an instance is running.</summary>
    public void Run(string workflow, string instanceId, object input) => Running.Add(new WorkflowStatus(
        workflow,
        instanceId,
        WorkflowRuntimeStatus.Running,
        System.Text.Json.JsonSerializer.SerializeToElement(input, PipelineJson.Compact),
        CustomStatus: null,
        Output: null,
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch));

    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        Started.Add((workflow.Name, PipelineJson.Write(input), instanceId));
        return Task.FromResult(true);
    }

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(Running.FirstOrDefault(status => status.InstanceId == instanceId));

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WorkflowStatus>>([.. Running.Where(status => query.Name is null || status.Name == query.Name)]);

    public async Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        if (Running.RemoveAll(status => status.InstanceId == instanceId) == 0)
            return false;
        Terminated.Add($"{instanceId}: {reason}");
        await AfterTerminate();
        return true;
    }

    public Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
