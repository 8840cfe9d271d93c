using Grpc.Core;
using KeypointPipeline.Port;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>Asks again where Durable's in-process host fails: it cannot answer for a child that is created and has not begun.</summary>
internal sealed class PatientClient(IWorkflowClient client) : IWorkflowClient
{
    private const int Tries = 100;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    public Task<bool> StartAsync<TInput, TOutput>(
        WorkflowRef<TInput, TOutput> workflow, TInput input, string instanceId, CancellationToken cancellationToken) =>
        client.StartAsync(workflow, input, instanceId, cancellationToken);

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        AskAsync(() => client.GetAsync(instanceId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(WorkflowQuery query, CancellationToken cancellationToken) =>
        AskAsync(() => client.ListAsync(query, cancellationToken), cancellationToken);

    public Task<bool> TerminateAsync(string instanceId, string? reason, CancellationToken cancellationToken) =>
        client.TerminateAsync(instanceId, reason, cancellationToken);

    public Task<bool> RaiseEventAsync(string instanceId, string name, string data, CancellationToken cancellationToken) =>
        client.RaiseEventAsync(instanceId, name, data, cancellationToken);

    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken) => client.PurgeAsync(instanceId, cancellationToken);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await ask();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unknown && tries < Tries)
            {
                await Task.Delay(Wait, cancellationToken);
            }
        }
    }
}
