using Azure.Storage.Blobs;
using KeypointPipeline.Api;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

public sealed class PipelineApiTests(AzuriteFixture azurite)
{
    private readonly StartRecorder _workflows = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 30, 15, 250, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retraining_is_named_after_its_time_and_keeps_its_settings()
    {
        PipelineApi api = Create(await StorageAsync());

        string id = await api.RetrainAsync(new RetrainRequest(Force: true, new TrainingSettings(Epochs: 7)), Cancel);

        Assert.Equal("retrain-20261123-123015-250", id);
        (string workflow, string input, string instanceId) = Assert.Single(_workflows.Started);
        Assert.Equal((Retrain.Ref.Name, id), (workflow, instanceId));
        Assert.Contains("\"force\":true", input, StringComparison.Ordinal);
        Assert.Contains("\"epochs\":7", input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_outside_their_range_start_nothing()
    {
        PipelineApi api = Create(await StorageAsync());

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(
            () => api.RetrainAsync(new RetrainRequest(Settings: new TrainingSettings(BatchSize: 0)), Cancel));

        Assert.Equal(400, problem.Problem.Status);
        Assert.Contains("BatchSize", problem.Problem.Detail, StringComparison.Ordinal);
        Assert.Empty(_workflows.Started);
    }

    [Fact]
    public async Task A_zipped_batch_starts_under_the_id_that_its_event_gives()
    {
        PipelineStorage storage = await StorageAsync();
        var zip = await storage.Blob(BlobLayout.Images, "people.zip").UploadAsync(BinaryData.FromString("x"), Cancel);

        string id = await Create(storage).StartBatchAsync("people", Cancel);

        Assert.Equal(InstanceIds.Batch("people", zip.Value.ETag.ToString()), id);
        Assert.False(await storage.Blob(BlobLayout.Images, "people/_READY").ExistsAsync(Cancel));
    }

    [Fact]
    public async Task A_marked_batch_starts_under_its_markers_id_and_the_marker_stays()
    {
        PipelineStorage storage = await StorageAsync();
        var marker = await storage.Blob(BlobLayout.Images, "people/_READY").UploadAsync(BinaryData.FromString("x"), Cancel);
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);

        string id = await Create(storage).StartBatchAsync("people", Cancel);

        Assert.Equal(InstanceIds.Batch("people", marker.Value.ETag.ToString()), id);
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("peopl")]
    public async Task A_batch_without_images_is_404(string batch)
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => Create(storage).StartBatchAsync(batch, Cancel));

        Assert.Equal(404, problem.Problem.Status);
    }

    [Fact]
    public async Task A_better_version_is_promoted_by_the_rule_and_listed_as_champion()
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await PublishAsync(storage, "v2", new ModelComparison(10, 1.5, null, "v1", 2.0));
        PipelineApi api = Create(storage);

        Assert.Equal("v1", (await api.PromoteAsync("v1", new PromoteRequest(), Cancel)).Version);
        Assert.Equal("v2", (await api.PromoteAsync("v2", new PromoteRequest(), Cancel)).Version);

        ModelList list = await api.ListModelsAsync(Cancel);
        Assert.Equal("v2", list.Champion?.Version);
        Assert.Equal(["v2", "v1"], list.Models.Select(model => model.Version));
        Assert.Equal("v2", (await api.CheckHealthAsync(Cancel)).Champion);
    }

    [Theory]
    [InlineData(1.999, "v1", "better is needed")]
    [InlineData(1.0, "v0", "compared with v0, and the champion is v1 now")]
    [InlineData(1.0, null, "compared with no champion, and the champion is v1 now")]
    public async Task A_version_that_the_rule_refuses_is_409_and_can_be_forced(double rmse, string? comparedWith, string reason)
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await PublishAsync(storage, "v2", new ModelComparison(10, rmse, null, comparedWith, comparedWith is null ? null : 2.0));
        PipelineApi api = Create(storage);
        await api.PromoteAsync("v1", new PromoteRequest(), Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => api.PromoteAsync("v2", new PromoteRequest(), Cancel));
        Assert.Equal(409, problem.Problem.Status);
        Assert.Contains(reason, problem.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("""{"force":true}""", problem.Problem.Detail, StringComparison.Ordinal);

        Assert.Equal("v1", (await api.PromoteAsync("v2", new PromoteRequest(Force: true), Cancel)).PreviousVersion);
        Assert.Equal("v1", (await api.PromoteAsync("v1", new PromoteRequest(Force: true), Cancel)).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_whose_file_was_changed_is_409_even_when_forced(bool force)
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await storage.Blob(BlobLayout.Models, "v1/model.onnx").UploadAsync(BinaryData.FromString("changed"), overwrite: true, Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(
            () => Create(storage).PromoteAsync("v1", new PromoteRequest(force), Cancel));

        Assert.Equal(409, problem.Problem.Status);
        Assert.Contains("it was changed after it was published. Promote another version, or train again.", problem.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_files_are_listed_by_the_path_they_were_dropped_under()
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Rejected, "sub/bad.csv").UploadAsync(BinaryData.FromString("x"), Cancel);
        await storage.Blob(BlobLayout.Rejected, "sub/bad.csv.reason.json").UploadAsync(BinaryData.FromString("{}"), Cancel);

        DatasetList list = await Create(storage).ListDatasetsAsync(Cancel);

        Assert.Empty(list.Datasets);
        Assert.Equal(["sub/bad.csv"], list.Rejected);
    }

    [Fact]
    public async Task Health_says_when_storage_does_not_answer()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        var nowhere = new PipelineStorage(new BlobServiceClient(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/a;", options));

        HealthReport health = await Create(nowhere).CheckHealthAsync(Cancel);

        Assert.False(health.IsHealthy);
        Assert.Contains("Storage does not answer", health.Detail, StringComparison.Ordinal);
    }

    private PipelineApi Create(PipelineStorage storage) =>
        new(_workflows, storage, new ModelRegistry(storage, _time), new PreparedDatasetStore(storage), _time);

    private async Task<PipelineStorage> StorageAsync() => (await azurite.NewStorageAsync(Cancel)).Storage;

    private async Task PublishAsync(PipelineStorage storage, string version, ModelComparison comparison)
    {
        using TemporaryFolder folder = TestFolder.Create("api");
        byte[] model = [1, 2, 3];
        string path = folder.File("model.onnx");
        await File.WriteAllBytesAsync(path, model, Cancel);
        await new ModelRegistry(storage, _time).PublishAsync(ModelExamples.Manifest(version, model, comparison: comparison), path, Cancel);
    }
}
