using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A test's account into which datasets are dropped, and what ingests them.</summary>
internal sealed class DroppedDatasets : IDisposable
{
    private readonly TemporaryFolder _work = TestFolder.Create("dropped");

    private DroppedDatasets(TestStorage account)
    {
        Account = account;
        Prepared = new PreparedDatasetStore(Storage);
        Paths = new DatasetPaths(Storage, Prepared, Time);
    }

    public TestStorage Account { get; }

    public PipelineStorage Storage => Account.Storage;

    public FakeTimeProvider Time { get; } = new(PreparedForTest.Now);

    public PreparedDatasetStore Prepared { get; }

    public DatasetPaths Paths { get; }

    public WorkFolder Work => new(_work.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DroppedDatasets> StartAsync(AzuriteFixture azurite) => new(await azurite.NewStorageAsync(Cancel));

    /// <summary>Drops a file.</summary>
    /// <returns>Its ETag.</returns>
    public async Task<string> DropAsync(string path, string content)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        BlobContentInfo uploaded = await Storage.Blob(BlobLayout.Datasets, path).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    /// <summary>Ingests a dropped file, as its event says.</summary>
    public Task<PrepareDatasetOutput> IngestAsync(string path, string etag) =>
        new PrepareDataset(Storage, Prepared, Paths, new DatasetPreparation(Time), Work).RunAsync(new PrepareDatasetInput(path, etag), Cancel);

    /// <summary>Drops a file and ingests it.</summary>
    /// <returns>The id of the dataset.</returns>
    public async Task<string> AcceptAsync(string path, string content) =>
        (await IngestAsync(path, await DropAsync(path, content))).DatasetId ?? throw new InvalidOperationException($"{path} was not accepted.");

    /// <summary>Deletes a dropped file.</summary>
    public async Task DeleteAsync(string path)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        await Storage.Blob(BlobLayout.Datasets, path).DeleteAsync(cancellationToken: Cancel);
    }

    /// <summary>The datasets in force after planning compared them with the files: <c>path=id</c>.</summary>
    public async Task<string[]> InForceAsync() =>
        [.. (await Paths.ReconcileAsync(Cancel)).Select(dataset => $"{dataset.Path}={dataset.DatasetId}")];

    public void Dispose() => _work.Dispose();
}
