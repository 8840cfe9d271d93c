using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Page.Tests;

/// <summary>A host whose workflows wait for an event, started by the first test that asks. Tests use ids of their own.</summary>
public sealed class WaitingHost : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _home = TestFolder.Create("page waiting");
    private LocalHost? _host;

    /// <summary>The host.</summary>
    internal async Task<LocalHost> HostAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _host ??= await LocalHost.StartAsync(Options(_home.Path), cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Options of such a host.</summary>
    internal static LocalHostOptions Options(string home) => SmallHost.Options(home) with
    {
        Catalog = WaitingWorkflows.Catalog.Add(TrainModel.Ref, _ => new WaitingTraining()).Add(CleanUpTraining.Ref, _ => new NoCleanUp()),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _home.Dispose();
        _starting.Dispose();
    }

    /// <summary>Takes the place of <see cref="TrainModel"/>.</summary>
    private sealed class WaitingTraining : Workflow<TrainModelInput, TrainModelOutput>
    {
        public override async Task<TrainModelOutput> RunAsync(IWorkflowContext context, TrainModelInput input)
        {
            context.SetStatus(new TrainModelProgress("training", 3, 40, SecondsLeft: 90, Device: "A drawn processor, 2 threads, float32", Restarts: 1));
            await context.WaitForEventAsync("go", TimeSpan.FromHours(1));
            return new TrainModelOutput(false, null, false, "a test", null);
        }
    }

    private sealed class NoCleanUp : Step<TerminatedInstance, bool>
    {
        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
