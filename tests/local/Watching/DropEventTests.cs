using Azure.Storage.Blobs.Models;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Tests.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

/// <summary>Events of dropped files that come twice, at once and in the wrong order, to the pipeline's own workflows and steps on the
/// embedded engine.</summary>
public sealed class DropEventTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Deliveries = 6;

    private readonly TemporaryFolder _folder = TestFolder.Create("events");
    private PipelineStorage _storage = null!;
    private EngineRun _engine = null!;
    private DropTriggers _triggers = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_versions_of_a_dataset_have_an_outcome_each_however_their_events_come()
    {
        string older = await UploadAsync(BlobLayout.Datasets, "a.csv", "older,no pixels\n1,2\n");
        string newer = await UploadAsync(BlobLayout.Datasets, "a.csv", "newer,no pixels\n1,2\n");

        await DeliverAsync(BlobLayout.Datasets, "a.csv", newer, older);
        var second = await _engine.OutputAsync<IngestDatasetOutput>(InstanceIds.Ingest("a.csv", newer));
        var first = await _engine.OutputAsync<IngestDatasetOutput>(InstanceIds.Ingest("a.csv", older));
        await DeliverAsync(BlobLayout.Datasets, "a.csv", older, newer);

        Assert.Contains("was replaced or deleted", first.Reason, StringComparison.Ordinal);
        Assert.Contains("Image", second.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await _engine.Client.ListAsync(new WorkflowQuery(), Cancel)).Count);
        Assert.StartsWith("newer", await ReadAsync(BlobLayout.Rejected, "a.csv"), StringComparison.Ordinal);
        var report = await _storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, "a.csv.reason.json", Cancel);
        Assert.Equal(second.Reason, report!.Value.Rejection);
    }

    [Fact]
    public async Task A_late_event_of_a_batch_fails_by_itself_and_leaves_the_newer_results_alone()
    {
        await ModelExamples.PublishChampionAsync(_storage, "v1", new KeypointSchema(["nose"], 8, 8), Cancel);
        string images = await DrawnInputs.DrawImagesAsync(_folder, count: 2, Cancel);
        foreach (string file in Directory.EnumerateFiles(images))
            await _storage.Blob(BlobLayout.Images, $"people/{Path.GetFileName(file)}").UploadAsync(file, Cancel);
        string older = await UploadAsync(BlobLayout.Images, "people/_READY", "");
        string newer = await UploadAsync(BlobLayout.Images, "people/_READY", "");

        await DeliverAsync(BlobLayout.Images, "people/_READY", newer);
        var predicted = await _engine.OutputAsync<InferBatchOutput>(InstanceIds.Batch("people", newer));
        string summary = await ReadAsync(BlobLayout.Results, $"people/{ResultFiles.Summary}");
        await DeliverAsync(BlobLayout.Images, "people/_READY", older, newer);
        string error = await _engine.ErrorAsync(InstanceIds.Batch("people", older));

        Assert.Equal((3, 2, 1), (predicted.Images, predicted.Succeeded, predicted.Failed));
        Assert.Contains("dropped again", error, StringComparison.Ordinal);
        Assert.Equal(summary, await ReadAsync(BlobLayout.Results, $"people/{ResultFiles.Summary}"));
        Assert.Single(await _engine.Client.ListAsync(new WorkflowQuery(Name: InferChunks.Ref.Name), Cancel));
        Assert.Equal(2, (await _engine.Client.ListAsync(new WorkflowQuery(Name: InferBatch.Ref.Name), Cancel)).Count);
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _engine = await EngineRun.StartAsync(new EmbeddedEngine(), PipelineCatalog.Create(), new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_storage)
            .AddSingleton(new WorkFolder(_folder.File("work")))
            .AddPipelineSteps());
        _triggers = new DropTriggers(
            new HandledDrops(_storage, TimeProvider.System), _storage, TimeProvider.System, NullLogger<DropTriggers>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Several times each and all at once.</summary>
    private Task DeliverAsync(string container, string name, params string[] etags) => Task.WhenAll(
        Enumerable.Range(0, Deliveries * etags.Length).Select(i => Task.Run(
            () => _triggers.HandleAsync(_engine.Client, container, name, etags[i % etags.Length], Cancel), Cancel)));

    private async Task<string> UploadAsync(string container, string name, string content)
    {
        BlobContentInfo uploaded = await _storage.Blob(container, name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
    }

    private async Task<string> ReadAsync(string container, string name) =>
        (await _storage.Blob(container, name).DownloadContentAsync(Cancel)).Value.Content.ToString();
}
