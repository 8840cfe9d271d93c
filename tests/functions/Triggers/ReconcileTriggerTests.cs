using KeypointPipeline.Datasets;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Functions.Triggers;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Triggers;

/// <summary>Drops on Durable's in-process host.</summary>
public sealed class ReconcileTriggerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private PipelineStorage _storage = null!;
    private DurableTaskTestHost _host = null!;
    private Reconciler _reconciler = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>As with a wrong function name in the webhook's address, or without any event subscription.</summary>
    [Fact]
    public async Task Drops_whose_events_never_come_are_started_by_the_timer_once()
    {
        string table = await UploadAsync(BlobLayout.Datasets, "a.csv");
        string marker = await UploadAsync(BlobLayout.Images, "people/_READY");

        await RunAsync();
        await RunAsync();

        Assert.Equal(
            [InstanceIds.Batch("people", marker), InstanceIds.Ingest("a.csv", table)],
            (await InstancesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_event_that_comes_after_the_timer_and_after_the_history_was_purged_starts_nothing()
    {
        string id = InstanceIds.Ingest("a.csv", await UploadAsync(BlobLayout.Datasets, "a.csv"));
        await RunAsync();
        await _host.Client.WaitForInstanceCompletionAsync(id, Cancel);
        await _host.Client.PurgeInstanceAsync(id, Cancel);

        await new BlobTriggers(_storage, Triggers()).DatasetDroppedAsync(
            _storage.Container(BlobLayout.Datasets).GetBlobClient("a.csv"), "a.csv", _host.Client, Cancel);
        await RunAsync();

        Assert.Empty(await InstancesAsync());
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _host = await InProcessHost.StartAsync(
            registry => registry
                .AddOrchestratorFunc(nameof(IngestDataset), _ => Task.CompletedTask)
                .AddOrchestratorFunc(nameof(InferBatch), _ => Task.CompletedTask),
            new ServiceCollection().AddLogging(),
            Cancel);
        _reconciler = new Reconciler(
            _storage,
            new HandledDrops(_storage, TimeProvider.System),
            Triggers(),
            new DatasetPaths(_storage, new PreparedDatasetStore(_storage), TimeProvider.System),
            new ReconcileLimits(),
            TimeProvider.System,
            NullLogger<Reconciler>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _reconciler.Dispose();
        await _host.DisposeAsync();
    }

    private Task RunAsync() => new ReconcileTrigger(_reconciler).RunAsync(new TimerInfo(), _host.Client, Cancel);

    private DropTriggers Triggers() =>
        new(new HandledDrops(_storage, TimeProvider.System), _storage, TimeProvider.System, NullLogger<DropTriggers>.Instance);

    private async Task<List<string>> InstancesAsync()
    {
        List<string> instances = [];
        await foreach (OrchestrationMetadata instance in _host.Client.GetAllInstancesAsync(new OrchestrationQuery()).WithCancellation(Cancel))
            instances.Add(instance.InstanceId);
        return instances;
    }

    private async Task<string> UploadAsync(string container, string name) =>
        (await _storage.Blob(container, name).UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel)).Value.ETag.ToString();
}
