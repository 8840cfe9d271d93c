using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Remembers what was started; answers nothing else.</summary>
internal sealed class StartRecorder : IWorkflowClient
{
    public List<(string Workflow, string Input, string InstanceId)> Started { get; } = [];

    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken)
    {
        Started.Add((workflow.Name, PipelineJson.Write(input), instanceId));
        return Task.FromResult(true);
    }

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
