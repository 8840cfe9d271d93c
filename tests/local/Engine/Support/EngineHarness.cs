using KeypointPipeline.Local.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>An engine on a journal of its own that can be stopped, crashed and started again; time moves only when told.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("engine-");
    private readonly int _maxParallelSteps;
    private WorkflowEngine? _engine;

    private EngineHarness(WorkflowCatalog catalog, int maxParallelSteps)
    {
        Catalog = catalog;
        _maxParallelSteps = maxParallelSteps;
    }

    public WorkflowCatalog Catalog { get; set; }

    public SetClock Time { get; } = new();

    public LogRecorder Log { get; } = new();

    public string JournalPath => Path.Combine(_folder.FullName, "journal.db");

    public WorkflowEngine Engine => _engine ?? throw new InvalidOperationException("Not started.");

    public IWorkflowClient Client => Engine;

    public static async Task<EngineHarness> StartAsync(WorkflowCatalog catalog, int maxParallelSteps = 4)
    {
        var harness = new EngineHarness(catalog, maxParallelSteps);
        await harness.StartAsync();
        return harness;
    }

    public static EngineHarness NotStarted(WorkflowCatalog catalog) => new(catalog, maxParallelSteps: 4);

    public async Task StartAsync()
    {
        _engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = JournalPath, MaxParallelSteps = _maxParallelSteps },
            Catalog, NoServices.Instance, Time, Log);
        await _engine.StartAsync(CancellationToken.None);
    }

    /// <summary>Drops everything at once, then starts a new engine on what reached the journal.</summary>
    public async Task CrashAndRestartAsync()
    {
        await Engine.DisposeAsync();
        await StartAsync();
    }

    public async Task StopAndRestartAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        await StartAsync();
    }

    public Task StartWorkflowAsync(string name, string input = "", string id = "id") =>
        Client.StartAsync(LambdaCatalog.Workflow(name), input, id, CancellationToken.None);

    public async Task<WorkflowStatus> StatusAsync(string id = "id") =>
        await Client.GetAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"No instance {id}.");

    /// <summary>Waits until the instance has ended.</summary>
    public Task<WorkflowStatus> EndAsync(string id = "id") => Eventually.EndedAsync(Client, id);

    /// <summary>Waits until the instance has ended, letting time pass.</summary>
    public async Task<WorkflowStatus> EndAsync(TimeSpan tick, string id = "id")
    {
        await Eventually.TrueAsync(
            async () =>
            {
                Time.Advance(tick);
                return (await StatusAsync(id)).HasEnded;
            },
            $"the end of {id}");
        return await StatusAsync(id);
    }

    /// <summary>The output of an instance that completes.</summary>
    public async Task<string> OutputAsync(string id = "id")
    {
        WorkflowStatus status = await EndAsync(id);
        Assert.Equal((WorkflowRuntimeStatus.Completed, ""), (status.RuntimeStatus, status.RuntimeStatus == WorkflowRuntimeStatus.Completed ? "" : $"{status.Output}"));
        return status.Output!.Value.GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
