using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Engines;

/// <summary>One engine for one test, with what was logged, and waiting for what happens in it.</summary>
public sealed class EngineRun : IAsyncDisposable
{
    private readonly IRunningEngine _engine;

    private EngineRun(IRunningEngine engine, LogRecorder log)
    {
        _engine = engine;
        Log = log;
    }

    /// <summary>What the engine, the workflows and the steps logged.</summary>
    public LogRecorder Log { get; }

    /// <summary>Starts and queries instances.</summary>
    public IWorkflowClient Client => _engine.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts an engine.</summary>
    /// <param name="engine">Which.</param>
    /// <param name="catalog">What it knows.</param>
    /// <param name="services">What the steps need, if anything.</param>
    public static async Task<EngineRun> StartAsync(IEngineUnderTest engine, WorkflowCatalog catalog, IServiceCollection? services = null)
    {
        var log = new LogRecorder();
        services ??= new ServiceCollection();
        services.AddLogging().AddSingleton<ILoggerProvider>(log);
        return new EngineRun(await engine.StartAsync(catalog, services, Cancel), log);
    }

    /// <summary>See <see cref="IRunningEngine.ReplayAsync"/>.</summary>
    public Task ReplayAsync() => _engine.ReplayAsync(Cancel);

    /// <summary>Starts a workflow of strings.</summary>
    public Task<bool> StartWorkflowAsync(string name, string input, string id) =>
        Client.StartAsync(LambdaCatalog.Workflow(name), input, id, Cancel);

    /// <summary>An instance that must exist.</summary>
    public async Task<WorkflowStatus> StatusAsync(string id) =>
        await Client.GetAsync(id, Cancel) ?? throw new InvalidOperationException($"No instance {id}.");

    /// <summary>Waits until the instance has ended.</summary>
    public Task<WorkflowStatus> EndAsync(string id) => Eventually.EndedAsync(Client, id);

    /// <summary>The output of an instance that must complete.</summary>
    public async Task<T> OutputAsync<T>(string id)
    {
        WorkflowStatus status = await EndAsync(id);
        Assert.True(status.RuntimeStatus == WorkflowRuntimeStatus.Completed, $"{id} {status.RuntimeStatus}: {status.Output}");
        return PipelineJson.Read<T>(status.Output!.Value.GetRawText());
    }

    /// <summary>The error of an instance that must fail.</summary>
    public async Task<string> ErrorAsync(string id)
    {
        WorkflowStatus status = await EndAsync(id);
        Assert.True(status.RuntimeStatus == WorkflowRuntimeStatus.Failed, $"{id} {status.RuntimeStatus}: {status.Output}");
        return status.Output!.Value.GetString()!;
    }

    /// <summary>Waits until the instance's custom status is this text.</summary>
    public Task UntilStatusAsync(string id, string status) => Eventually.TrueAsync(
        async () => (await Client.GetAsync(id, Cancel))?.CustomStatus is { ValueKind: System.Text.Json.JsonValueKind.String } now && now.GetString() == status,
        $"status {status} of {id}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
