using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Watching;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

/// <summary>Watches an account's containers and remembers what the watcher started.</summary>
internal sealed class WatchedContainers
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>What the watchers started.</summary>
    public RecordingStarter Starter { get; } = new();

    /// <summary>What an earlier version of the host remembered.</summary>
    public IEarlierTriggers? Earlier { get; init; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each of these batches is noticed only after everything else was looked at again.</summary>
    public async Task SeeSeveralTimesAsync(PipelineStorage storage)
    {
        for (int look = 0; look < 5; look++)
        {
            string batch = $"look {Guid.NewGuid():N}";
            string id = InstanceIds.Batch(batch, await UploadAsync(storage, BlobLayout.Images, $"{batch}.zip"));
            await Eventually.TrueAsync(() => Starter.Started.Contains(id));
        }
    }

    /// <summary>Watches until it is disposed.</summary>
    public async Task<IAsyncDisposable> WatchAsync(PipelineStorage storage, ILogger<DropTriggers>? log = null, TimeProvider? time = null)
    {
        var handled = new HandledDrops(storage, TimeProvider.System, Earlier);
        var triggers = new DropTriggers(handled, storage, TimeProvider.System, log ?? NullLogger<DropTriggers>.Instance);
        var reconciler = new Reconciler(
            storage,
            handled,
            triggers,
            new DatasetPaths(storage, new PreparedDatasetStore(storage), TimeProvider.System),
            new ReconcileLimits { KnownMarkers = 16 },
            TimeProvider.System,
            NullLogger<Reconciler>.Instance);
        var watcher = new ContainerWatcher(
            reconciler, Starter, new ContainerWatcherOptions(Interval), time ?? TimeProvider.System, NullLogger<ContainerWatcher>.Instance);
        await watcher.StartAsync(Cancel);
        return new Watching(watcher, reconciler);
    }

    /// <summary>Uploads a blob with one byte.</summary>
    /// <returns>Its ETag.</returns>
    public static async Task<string> UploadAsync(PipelineStorage storage, string container, string name) =>
        (await storage.Blob(container, name).UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel)).Value.ETag.ToString();

    private sealed class Watching(ContainerWatcher watcher, Reconciler reconciler) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await watcher.StopAsync(CancellationToken.None);
            watcher.Dispose();
            reconciler.Dispose();
        }
    }
}
