using Azure.Storage.Blobs.Models;
using KeypointPipeline.Api;
using KeypointPipeline.Datasets;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A test's account into which datasets are dropped, with the services of a host.</summary>
internal sealed class DroppedDatasets : IDisposable, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("dropped");
    private readonly ServiceProvider _services;

    private DroppedDatasets(TestStorage account, PipelineStorage? seenByHost)
    {
        Account = account;
        Work = new WorkFolder(_folder.File("work"), _folder.File("trainers"));
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(seenByHost ?? account.Storage)
            .AddSingleton(Work)
            .AddSingleton(new TrainingSettings())
            .AddSingleton<ITrainerLauncher>(Trainers)
            .AddPipelineSteps()
            .AddPipelineApi()
            .BuildServiceProvider();
    }

    public TestStorage Account { get; }

    public PipelineStorage Storage => Account.Storage;

    public FakeTimeProvider Time { get; } = new(PreparedForTest.Now);

    public DatasetPaths Paths => Get<DatasetPaths>();

    public PreparedDatasetStore Prepared => Get<PreparedDatasetStore>();

    public WorkFolder Work { get; }

    public StoppedTrainers Trainers { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts with an account of its own.</summary>
    public static async Task<DroppedDatasets> StartAsync(AzuriteFixture azurite) => new(await azurite.NewStorageAsync(Cancel), seenByHost: null);

    /// <summary>Another host on the same account.</summary>
    /// <param name="seen">The account as that host sees it.</param>
    public DroppedDatasets OtherHost(PipelineStorage seen) => new(Account, seen);

    /// <summary>A service of the host.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Drops a file.</summary>
    /// <returns>Its ETag.</returns>
    public Task<string> DropAsync(string path, string content) => DropAsync(path, Packing.Utf8(content));

    /// <inheritdoc cref="DropAsync(string, string)"/>
    public async Task<string> DropAsync(string path, byte[] content)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        BlobContentInfo uploaded = await Storage.Blob(BlobLayout.Datasets, path).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    /// <summary>Ingests a dropped file, as its event says.</summary>
    public Task<PrepareDatasetOutput> IngestAsync(string path, string etag) =>
        Get<PrepareDataset>().RunAsync(new PrepareDatasetInput(path, etag), Cancel);

    /// <summary>Drops a file and ingests it.</summary>
    /// <returns>The id of the dataset.</returns>
    public Task<string> AcceptAsync(string path, string content) => AcceptAsync(path, Packing.Utf8(content));

    /// <inheritdoc cref="AcceptAsync(string, string)"/>
    public async Task<string> AcceptAsync(string path, byte[] content)
    {
        PrepareDatasetOutput output = await IngestAsync(path, await DropAsync(path, content));
        return output.DatasetId ?? throw new InvalidOperationException($"{path} was not accepted: {output.Reason}");
    }

    /// <summary>Deletes a dropped file.</summary>
    public async Task DeleteAsync(string path)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        await Storage.Blob(BlobLayout.Datasets, path).DeleteAsync(cancellationToken: Cancel);
    }

    /// <summary>The datasets in force after planning compared them with the files: <c>path=id</c>.</summary>
    public async Task<string[]> InForceAsync() =>
        [.. (await Paths.ReconcileAsync(Cancel)).Select(dataset => $"{dataset.Path}={dataset.DatasetId}")];

    /// <summary>Names of all blobs of a container, without the documents of paths and erased groups.</summary>
    public async Task<string[]> NamesAsync(string container) =>
    [
        .. (await Storage.Container(container).GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Select(blob => blob.Name)
            .Where(name => !name.StartsWith(BlobLayout.PreparedPaths, StringComparison.Ordinal) && !name.StartsWith(BlobLayout.ErasedGroups, StringComparison.Ordinal)),
    ];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Remembers which trainers were stopped.</summary>
    internal sealed class StoppedTrainers : ITrainerLauncher
    {
        public List<string> Stopped { get; } = [];

        public Task StartAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(string runId, CancellationToken cancellationToken)
        {
            Stopped.Add(runId);
            return Task.CompletedTask;
        }

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) =>
            Task.FromResult(new TrainerSighting(IsGone: false, TimeSpan.FromMinutes(1)));
    }
}
