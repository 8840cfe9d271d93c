using KeypointPipeline.Datasets;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

/// <summary>An account whose drops are found by <see cref="Reconciler"/> alone. Every run has a new process's memory.</summary>
internal sealed class ReconciledAccount
{
    private ReconciledAccount(PipelineStorage storage, string connectionString)
    {
        Storage = storage;
        ConnectionString = connectionString;
    }

    public PipelineStorage Storage { get; }

    public string ConnectionString { get; }

    public RecordingStarter Starter { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public LogRecorder Log { get; } = new();

    public ReconcileLimits Limits { get; set; } = new();

    public IEarlierTriggers? Earlier { get; init; }

    public HandledDrops Handled => new(Storage, Time, Earlier);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ReconciledAccount> CreateAsync(AzuriteFixture azurite, IEarlierTriggers? earlier = null)
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        return new ReconciledAccount(account.Storage, account.ConnectionString) { Earlier = earlier };
    }

    /// <summary>What events start.</summary>
    public DropTriggers TriggersOn(PipelineStorage storage) =>
        new(new HandledDrops(storage, Time, Earlier), storage, Time, new Logger<DropTriggers>(Log));

    public Reconciler ReconcilerOn(PipelineStorage storage) => new(
        storage,
        new HandledDrops(storage, Time, Earlier),
        TriggersOn(storage),
        new DatasetPaths(storage, new PreparedDatasetStore(storage), Time),
        Limits,
        Time,
        new Logger<Reconciler>(Log));

    /// <summary>Runs once.</summary>
    public async Task RunAsync(PipelineStorage? storage = null)
    {
        using Reconciler reconciler = ReconcilerOn(storage ?? Storage);
        await reconciler.RunAsync(Starter, Cancel);
    }

    /// <summary>Uploads a blob with one byte.</summary>
    /// <returns>Its ETag.</returns>
    public async Task<string> UploadAsync(string container, string name) =>
        (await Storage.Blob(container, name).UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel)).Value.ETag.ToString();

    public async Task<HandledDrop> RecordAsync(Drop drop) => (await Handled.FindAsync(drop, Cancel))!;

    /// <summary>Waits until storage's clock shows a later second than a blob's time.</summary>
    public async Task LetStorageTimePassAsync(string container, string name)
    {
        DateTimeOffset written = (await Storage.FindPropertiesAsync(container, name, Cancel))!.LastModified;
        await Eventually.TrueAsync(() => DateTimeOffset.UtcNow > written.AddSeconds(1.1));
    }
}
