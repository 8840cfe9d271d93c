using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>A whole host with everything that views show: a dataset with bad rows, two models, a batch with a broken picture, and
/// names that try to become markup. Tests that change it use names of their own.</summary>
public sealed class SmallHost : IAsyncDisposable
{
    /// <summary>A name that runs a script wherever it becomes markup.</summary>
    public const string HostileName = "<img src=x onerror=alert(1)>\"'&amp;.csv";

    /// <summary>The dropped dataset.</summary>
    public const string Dataset = "faces 1.zip";

    /// <summary>The version in use.</summary>
    public const string Champion = "v2";

    /// <summary>The dropped batch.</summary>
    public const string Batch = "holiday photos ü";

    private const int Rows = 60;
    private const int Photos = 6;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _home = TestFolder.Create("page host");
    private readonly TemporaryFolder _inputs = TestFolder.Create("page inputs");
    private LocalHost? _host;

    /// <summary>The host. The first call starts and fills it.</summary>
    internal async Task<LocalHost> HostAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _host ??= await FillAsync(await LocalHost.StartAsync(Options(_home.Path), cancellationToken), cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A host with the pipeline's workflows and a training that ends at once.</summary>
    internal static LocalHostOptions Options(string home) => new()
    {
        Home = home,
        Port = 0,
        RetrainSchedule = null,
        Catalog = QuickTraining.Catalog,
        PollInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _home.Dispose();
        _inputs.Dispose();
        _starting.Dispose();
    }

    private async Task<LocalHost> FillAsync(LocalHost host, CancellationToken cancellationToken)
    {
        var dropper = new Dropper(host.Storage);
        await QuickTraining.PublishAsync(host.Storage, cancellationToken);
        await DropAsync(await DrawnInputs.DrawDatasetAsync(_inputs, Rows, seed: 1, cancellationToken));
        await DropAsync(await DrawnInputs.DrawImagesAsync(_inputs, Photos, cancellationToken));
        var hostile = await host.Storage.Blob(BlobLayout.Datasets, HostileName).UploadAsync(BinaryData.FromString("no,<b>labels</b>\n1,2\n"), cancellationToken);
        await Eventually.EndedAsync(host.Workflows, Workflows.InstanceIds.Ingest(HostileName, hostile.Value.ETag.ToString()));
        DatasetPathState dataset = (await new DatasetPaths(host.Storage, new PreparedDatasetStore(host.Storage), TimeProvider.System).FindAsync(Dataset, cancellationToken))!;
        await TrainedRun.WriteAsync(host.Storage, await TrainingAsync(host, cancellationToken), dataset.DatasetId!, Champion, cancellationToken);
        return host;

        async Task DropAsync(string path)
        {
            DroppedItem item = await dropper.DropAsync(path, name: null, progress: null, cancellationToken);
            WorkflowStatus ended = await Eventually.EndedAsync(host.Workflows, item.InstanceId);
            Assert.True(ended.RuntimeStatus == WorkflowRuntimeStatus.Completed, $"{item.InstanceId}: {ended.Output}");
        }
    }

    /// <summary>The training that the dropped dataset started.</summary>
    internal static async Task<string> TrainingAsync(LocalHost host, CancellationToken cancellationToken) =>
        (await host.Workflows.ListAsync(new WorkflowQuery(InstanceIdPrefix: "train-ingest-faces"), cancellationToken))[0].InstanceId;
}
