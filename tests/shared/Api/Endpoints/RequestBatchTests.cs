using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class RequestBatchTests(AzuriteFixture azurite)
{
    private readonly StartRecorder _workflows = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zipped_batch_starts_under_the_id_that_its_event_gives()
    {
        PipelineStorage storage = await StorageAsync();
        var zip = await storage.Blob(BlobLayout.Images, "people.zip").UploadAsync(BinaryData.FromString("x"), Cancel);

        string id = (await CallAsync(storage, "people")).InstanceId();

        Assert.Equal(InstanceIds.Batch("people", zip.Value.ETag.ToString()), id);
        Assert.False(await storage.Blob(BlobLayout.Images, "people/_READY").ExistsAsync(Cancel));
    }

    [Fact]
    public async Task A_marked_batch_starts_under_its_markers_id_and_the_marker_stays_with_its_list()
    {
        PipelineStorage storage = await StorageAsync();
        var marker = await storage.Blob(BlobLayout.Images, "people/_READY").UploadAsync(ReadyList.Write(["a.jpg"]), Cancel);
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);

        string id = (await CallAsync(storage, "people")).InstanceId();

        Assert.Equal(InstanceIds.Batch("people", marker.Value.ETag.ToString()), id);
        Assert.Equal(["a.jpg"], await ReadyList.ReadAsync(storage, BlobLayout.Images, "people/_READY", marker.Value.ETag, Cancel));
    }

    [Fact]
    public async Task A_requested_batch_is_handled_so_that_its_event_does_not_start_it_again()
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);
        var handled = new HandledDrops(storage, TimeProvider.System);

        string id = (await CallAsync(storage, "people")).InstanceId();

        string etag = (await storage.FindETagAsync(BlobLayout.Images, "people/_READY", Cancel))!.Value.ToString();
        var drop = Drop.OfBatch("people", "people/_READY", etag);
        HandledDrop record = (await handled.FindAsync(drop, Cancel))!;
        Assert.Equal((id, "images/people/_READY"), (record.InstanceId, record.Blob));
        Assert.NotNull(record.StartedAt);
        Assert.False(await handled.StartOnceAsync(_workflows, drop, Cancel));
        Assert.Single(_workflows.Started);
    }

    [Fact]
    public async Task A_zip_that_its_event_has_started_is_started_again_on_request_if_its_instance_is_gone()
    {
        PipelineStorage storage = await StorageAsync();
        var zip = await storage.Blob(BlobLayout.Images, "people.zip").UploadAsync(BinaryData.FromString("x"), Cancel);
        var starter = new RecordingStarter();
        await new HandledDrops(storage, TimeProvider.System)
            .StartOnceAsync(starter, Drop.OfBatch("people", "people.zip", zip.Value.ETag.ToString()), Cancel);

        string id = (await CallAsync(storage, "people")).InstanceId();

        // The recorder of this call knows no instance, as if the history had been purged.
        Assert.Equal(id, Assert.Single(starter.Started));
        Assert.Equal(id, Assert.Single(_workflows.Started).InstanceId);
        Assert.Single(await storage.ListAsync(BlobLayout.Handled, prefix: null, Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("peopl")]
    public async Task A_batch_without_images_is_404(string batch)
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(storage, batch));

        Assert.Equal(404, problem.Problem.Status);
    }

    [Theory]
    [InlineData("people/_READY")]
    [InlineData("people.zip")]
    public async Task A_finder_becomes_part_of_the_drop_and_starts_it_under_its_new_id_once(string blob)
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, blob).UploadAsync(blob.EndsWith(".zip", StringComparison.Ordinal) ? BinaryData.FromString("x") : ReadyList.Write(["a.jpg"]), Cancel);
        string before = (await CallAsync(storage, "people")).InstanceId();

        string id = (await CallAsync(storage, "people", "whole")).InstanceId();
        string again = (await CallAsync(storage, "people", "Whole")).InstanceId();

        BatchDrop drop = Assert.Single(await BatchDrop.FindLatestAsync(storage, "people", Cancel));
        Assert.Equal("whole", drop.Finder);
        Assert.Equal(InstanceIds.Batch("people", drop.ETag.ToString()), id);
        Assert.Equal(id, again);
        Assert.NotEqual(before, id);
    }

    [Fact]
    public async Task A_batch_without_marker_gets_one_that_states_the_finder()
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, "people/a.jpg").UploadAsync(BinaryData.FromString("x"), Cancel);

        await CallAsync(storage, "people", "boxes");

        Assert.Equal("boxes", Assert.Single(await BatchDrop.FindLatestAsync(storage, "people", Cancel)).Finder);
    }

    [Fact]
    public async Task An_unknown_finder_is_400_and_changes_nothing()
    {
        PipelineStorage storage = await StorageAsync();
        await storage.Blob(BlobLayout.Images, "people.zip").UploadAsync(BinaryData.FromString("x"), Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(storage, "people", "noses"));

        Assert.Equal((400, "finder=noses: expected whole, boxes or faces."), (problem.Problem.Status, problem.Problem.Detail));
        Assert.Null(Assert.Single(await BatchDrop.FindLatestAsync(storage, "people", Cancel)).Finder);
        Assert.Empty(_workflows.Started);
    }

    private Task<ApiAnswer> CallAsync(PipelineStorage storage, string batch, string finder) =>
        new RequestBatch(storage, new HandledDrops(storage, TimeProvider.System)).AnswerAsync(
            new ApiCall(
                _workflows,
                id => new CheckStatus(id, "status", "event", "terminate", "purge"),
                new Dictionary<string, string> { ["batch"] = batch },
                new Dictionary<string, string> { [FinderQuery.Name] = finder },
                Stream.Null),
            Cancel);

    private Task<ApiAnswer> CallAsync(PipelineStorage storage, string batch) =>
        new RequestBatch(storage, new HandledDrops(storage, TimeProvider.System)).CallAsync(batch, "", _workflows, Cancel);

    private async Task<PipelineStorage> StorageAsync() => (await azurite.NewStorageAsync(Cancel)).Storage;
}
