using KeypointPipeline.Local.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>The embedded engine, as the suites see it. It keeps a workflow's code in memory, so a replay takes a crash.</summary>
internal sealed class EmbeddedEngine : IEngineUnderTest
{
    public bool TerminatesWithChildren => true;

    public bool AdoptsExistingChildren => true;

    public string? OwnReplayError => null;

    public async Task<IRunningEngine> StartAsync(WorkflowCatalog catalog, IServiceCollection services, CancellationToken cancellationToken)
    {
        var running = new Running(catalog, services.BuildServiceProvider());
        await running.StartAsync(cancellationToken);
        return running;
    }

    private sealed class Running(WorkflowCatalog catalog, ServiceProvider services) : IRunningEngine
    {
        private readonly TemporaryFolder _folder = TestFolder.Create("engine");
        private WorkflowEngine? _engine;

        public IWorkflowClient Client => _engine ?? throw new InvalidOperationException("Not started.");

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            _engine = new WorkflowEngine(
                new WorkflowEngineOptions { JournalPath = _folder.File("journal.db") },
                catalog,
                services,
                TimeProvider.System,
                services.GetRequiredService<ILoggerFactory>());
            await _engine.StartAsync(cancellationToken);
        }

        public async Task ReplayAsync(CancellationToken cancellationToken)
        {
            await _engine!.DisposeAsync();
            await StartAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (_engine is not null)
                await _engine.DisposeAsync();
            await services.DisposeAsync();
            _folder.Dispose();
        }
    }
}
