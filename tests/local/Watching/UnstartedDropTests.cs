using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

/// <summary>What the watcher records of blobs that start nothing.</summary>
public sealed class UnstartedDropTests(AzuriteFixture azurite)
{
    private readonly WatchedContainers _watched = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("datasets/a%2F..%2Fb.csv", "datasets/a/%2E%2E/b.csv", "datasets/a/../b.csv", "has a part '..'")]
    [InlineData("datasets/notes.xlsx", "datasets/notes.xlsx", "datasets/notes.xlsx", ".csv")]
    [InlineData("images/...zip", "images/...zip", "images/...zip", "has a part '..'")]
    public async Task A_blob_that_can_start_nothing_is_recorded_and_listed_and_stays_where_it_is(string put, string listed, string blob, string reason)
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(account.ConnectionString, put, "x", Cancel);

        await using (await _watched.WatchAsync(account.Storage))
            await _watched.SeeSeveralTimesAsync(account.Storage);
        await using (await _watched.WatchAsync(account.Storage))
            await _watched.SeeSeveralTimesAsync(account.Storage);

        var prepared = new PreparedDatasetStore(account.Storage);
        var list = (DatasetList)(await new ListDatasets(account.Storage, new DatasetPaths(account.Storage, prepared, TimeProvider.System), prepared)
            .AnswerAsync(new ApiCall(null!, null!, new Dictionary<string, string>(), new Dictionary<string, string>(), Stream.Null), Cancel)).Body;
        Assert.Equal([listed], list.Unstarted);
        var record = await account.Storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, $"{listed}.unstarted.json", Cancel);
        Assert.Equal(blob, record!.Value.Blob);
        Assert.Contains(reason, record.Value.Reason, StringComparison.Ordinal);
        Assert.Contains(
            blob[(blob.IndexOf('/', StringComparison.Ordinal) + 1)..],
            await account.Storage.Container(put.Split('/')[0]).GetBlobsAsync(cancellationToken: Cancel).Select(b => b.Name).ToListAsync(Cancel));
        Assert.All(_watched.Starter.Started, id => Assert.StartsWith("batch-look", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_storage_server_turns_a_backslash_in_a_name_into_a_slash_and_the_dataset_starts_under_that_name()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(account.ConnectionString, "datasets/a%5Cb.csv", "x", Cancel);

        await using (await _watched.WatchAsync(account.Storage))
            await _watched.SeeSeveralTimesAsync(account.Storage);

        string etag = (await account.Storage.FindETagAsync(BlobLayout.Datasets, "a/b.csv", Cancel))!.Value.ToString();
        Assert.Contains(InstanceIds.Ingest("a/b.csv", etag), _watched.Starter.Started);
    }

    [Fact]
    public async Task Loose_images_are_not_recorded_each()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "loose.jpg");
        await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "set/1.png");

        await using (await _watched.WatchAsync(storage))
            await _watched.SeeSeveralTimesAsync(storage);

        Assert.Empty(await storage.ListAsync(BlobLayout.Rejected, prefix: null, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_blob_that_was_not_started_is_no_longer_listed_once_new_content_starts()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string record = UnstartedBlob.RecordOf(BlobLayout.Datasets, "a.csv");
        await WatchedContainers.UploadAsync(storage, BlobLayout.Rejected, record);
        await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");

        await using (await _watched.WatchAsync(storage))
            await _watched.SeeSeveralTimesAsync(storage);

        Assert.Null(await storage.FindETagAsync(BlobLayout.Rejected, record, Cancel));
    }
}
