using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Watching;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

public sealed class ContainerWatcherTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly RecordingStarter _starter = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("training.csv")]
    [InlineData("sub folder/Gesichter größer 顔.csv.gz")]
    [InlineData("a+b%20#1.zip")]
    public async Task A_dropped_dataset_starts_its_ingest_once_however_often_it_is_seen(string name)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string etag = await UploadAsync(storage, BlobLayout.Datasets, name);

        await using (await WatchAsync(storage))
        await using (await WatchAsync(storage))
            await SeeSeveralTimesAsync(storage);

        // A watcher that starts later sees it again.
        await using (await WatchAsync(storage))
            await SeeSeveralTimesAsync(storage);

        Assert.Equal([InstanceIds.Ingest(name, etag)], _starter.Started.Where(id => id.StartsWith("ingest", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task New_content_under_an_old_name_starts_again()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await using Watching watching = await WatchAsync(storage);

        string first = await UploadAsync(storage, BlobLayout.Datasets, "training.csv");
        await Eventually.TrueAsync(() => _starter.Started.Count == 1);
        string second = await UploadAsync(storage, BlobLayout.Datasets, "training.csv");
        await Eventually.TrueAsync(() => _starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Ingest("training.csv", first), InstanceIds.Ingest("training.csv", second)], _starter.Started);
    }

    [Fact]
    public async Task A_file_and_its_sidecar_are_one_drop_and_a_new_sidecar_starts_the_file_again()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string sidecar = await UploadAsync(storage, BlobLayout.Datasets, "a.csv.keypoints.json");
        string orphan = await UploadAsync(storage, BlobLayout.Datasets, "later.csv.keypoints.json");
        string etag = await UploadAsync(storage, BlobLayout.Datasets, "a.csv");

        await using (await WatchAsync(storage))
            await SeeSeveralTimesAsync(storage);
        string changed;
        string late;
        await using (await WatchAsync(storage))
        {
            changed = await UploadAsync(storage, BlobLayout.Datasets, "a.csv.keypoints.json");
            late = await UploadAsync(storage, BlobLayout.Datasets, "later.csv");
            await SeeSeveralTimesAsync(storage);
        }

        Assert.Equal(
            [InstanceIds.Ingest("a.csv", etag, sidecar), InstanceIds.Ingest("a.csv", etag, changed), InstanceIds.Ingest("later.csv", late, orphan)],
            _starter.Started.Where(id => id.StartsWith("ingest", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_batch_starts_by_its_marker_or_zip_and_not_by_its_images()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await using Watching watching = await WatchAsync(storage);
        await UploadAsync(storage, BlobLayout.Images, "holiday photos/a.jpg");
        await UploadAsync(storage, BlobLayout.Images, "holiday photos/sub/b.jpg");
        string zip = await UploadAsync(storage, BlobLayout.Images, "zipped.zip");
        await Eventually.TrueAsync(() => _starter.Started.Count == 1);

        string marker = await UploadAsync(storage, BlobLayout.Images, "holiday photos/_READY");
        await Eventually.TrueAsync(() => _starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Batch("zipped", zip), InstanceIds.Batch("holiday photos", marker)], _starter.Started);
    }

    [Fact]
    public async Task A_marker_written_anew_starts_its_batch_anew_also_among_many_batches()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        for (int batch = 0; batch < 40; batch++)
            await UploadAsync(storage, BlobLayout.Images, $"batch {batch}/_READY");
        await using Watching watching = await WatchAsync(storage);
        await Eventually.TrueAsync(() => _starter.Started.Count == 40);

        string again = await UploadAsync(storage, BlobLayout.Images, "batch 7/_READY");

        await Eventually.TrueAsync(() => _starter.Started.Contains(InstanceIds.Batch("batch 7", again)));
        Assert.Equal(41, _starter.Started.Count);
    }

    [Fact]
    public async Task Other_files_are_warned_about_once_and_start_nothing()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var log = new ListLogger();
        await UploadAsync(storage, BlobLayout.Datasets, "notes.txt");
        await UploadAsync(storage, BlobLayout.Images, "loose.jpg");

        await using (await WatchAsync(storage, log))
            await SeeSeveralTimesAsync(storage);

        Assert.Single(log.Lines, line => line.Contains("datasets/notes.txt is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("images/loose.jpg is left alone", StringComparison.Ordinal));
        Assert.All(_starter.Started, id => Assert.StartsWith("batch-look-", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blobs_named_to_lead_elsewhere_are_warned_about_and_hold_up_no_other()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        var log = new ListLogger();
        await RawBlobs.PutAsync(test.ConnectionString, "images/../_READY", "x", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "images//_READY", "x", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "datasets/../models/a.csv", "x", Cancel);
        string etag = await UploadAsync(test.Storage, BlobLayout.Images, "holiday/_READY");

        await using (await WatchAsync(test.Storage, log))
            await SeeSeveralTimesAsync(test.Storage);

        Assert.Single(_starter.Started, InstanceIds.Batch("holiday", etag));
        Assert.Single(log.Lines, line => line.Contains("images/../_READY is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("images//_READY is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("datasets/../models/a.csv is left alone", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again_and_holds_up_no_other()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string a = await UploadAsync(storage, BlobLayout.Datasets, "a.csv");
        string b = await UploadAsync(storage, BlobLayout.Datasets, "b.csv");
        _starter.FailNext = true;

        await using Watching watching = await WatchAsync(storage);
        await Eventually.TrueAsync(() => _starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Ingest("b.csv", b), InstanceIds.Ingest("a.csv", a)], _starter.Started);
    }

    [Fact]
    public async Task Storage_that_goes_away_for_a_while_is_watched_again_when_it_is_back()
    {
        using TemporaryFolder folder = TestFolder.Create("watcher");
        var options = new AzuriteOptions { DataFolder = folder.Path };
        PipelineStorage storage;
        Watching watching;
        await using (AzuriteServer first = await AzuriteServer.StartAsync(options, Cancel))
        {
            storage = first.OpenStorage();
            await storage.EnsureContainersAsync(Cancel);
            watching = await WatchAsync(storage);
            await UploadAsync(storage, BlobLayout.Datasets, "a.csv");
            await Eventually.TrueAsync(() => _starter.Started.Count == 1);
        }

        await using AzuriteServer second = await AzuriteServer.StartAsync(options, Cancel);
        await UploadAsync(storage, BlobLayout.Datasets, "b.csv");
        await Eventually.TrueAsync(() => _starter.Started.Count == 2);
        await watching.DisposeAsync();

        Assert.Equal(2, _starter.Started.Count);
    }

    [Fact]
    public async Task Looks_that_take_long_come_seldom_but_one_that_waited_for_storage_is_followed_by_the_next_at_once()
    {
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(await azurite.NewStorageAsync(Cancel), Cancel);
        var time = new HurriedTime();
        int looks = 0;
        proxy.Before = request =>
        {
            if (request.Container == BlobLayout.Datasets)
                time.Advance(TimeSpan.FromSeconds(++looks is 2 or 4 or 5 ? 4 : 0));
            return Task.CompletedTask;
        };

        await using (await WatchAsync(proxy.Open(), time: time))
            await Eventually.TrueAsync(() => time.Waits.Count >= 5);

        Assert.Equal([Interval, Interval, Interval, Interval, TimeSpan.FromSeconds(36)], time.Waits.Take(5));
    }

    [Theory]
    [InlineData("datasets/a%2F..%2Fb.csv", "datasets/a/%2E%2E/b.csv", "datasets/a/../b.csv", "has a part '..'")]
    [InlineData("datasets/notes.xlsx", "datasets/notes.xlsx", "datasets/notes.xlsx", ".csv")]
    [InlineData("images/...zip", "images/...zip", "images/...zip", "has a part '..'")]
    public async Task A_blob_that_can_start_nothing_is_recorded_and_listed_and_stays_where_it_is(string put, string listed, string blob, string reason)
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(account.ConnectionString, put, "x", Cancel);

        await using (await WatchAsync(account.Storage))
            await SeeSeveralTimesAsync(account.Storage);
        await using (await WatchAsync(account.Storage))
            await SeeSeveralTimesAsync(account.Storage);

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
        Assert.All(_starter.Started, id => Assert.StartsWith("batch-look", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_storage_server_turns_a_backslash_in_a_name_into_a_slash_and_the_dataset_starts_under_that_name()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await RawBlobs.PutAsync(account.ConnectionString, "datasets/a%5Cb.csv", "x", Cancel);

        await using (await WatchAsync(account.Storage))
            await SeeSeveralTimesAsync(account.Storage);

        string etag = (await account.Storage.FindETagAsync(BlobLayout.Datasets, "a/b.csv", Cancel))!.Value.ToString();
        Assert.Contains(InstanceIds.Ingest("a/b.csv", etag), _starter.Started);
    }

    [Fact]
    public async Task Loose_images_are_not_recorded_each()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await UploadAsync(storage, BlobLayout.Images, "loose.jpg");
        await UploadAsync(storage, BlobLayout.Datasets, "set/1.png");

        await using (await WatchAsync(storage))
            await SeeSeveralTimesAsync(storage);

        Assert.Empty(await storage.ListAsync(BlobLayout.Rejected, prefix: null, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_blob_that_was_not_started_is_no_longer_listed_once_new_content_starts()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string record = UnstartedBlob.RecordOf(BlobLayout.Datasets, "a.csv");
        await UploadAsync(storage, BlobLayout.Rejected, record);
        await UploadAsync(storage, BlobLayout.Datasets, "a.csv");

        await using (await WatchAsync(storage))
            await SeeSeveralTimesAsync(storage);

        Assert.Null(await storage.FindETagAsync(BlobLayout.Rejected, record, Cancel));
    }

    /// <summary>Each of these batches is noticed only after everything else was looked at again.</summary>
    private async Task SeeSeveralTimesAsync(PipelineStorage storage)
    {
        for (int look = 0; look < 5; look++)
        {
            string batch = $"look {Guid.NewGuid():N}";
            string id = InstanceIds.Batch(batch, await UploadAsync(storage, BlobLayout.Images, $"{batch}.zip"));
            await Eventually.TrueAsync(() => _starter.Started.Contains(id));
        }
    }

    private async Task<Watching> WatchAsync(PipelineStorage storage, ILogger<DropTriggers>? log = null, TimeProvider? time = null)
    {
        var triggers = new DropTriggers(_starter, storage, TimeProvider.System, log ?? NullLogger<DropTriggers>.Instance);
        var watcher = new ContainerWatcher(
            storage, triggers, new ContainerWatcherOptions(Interval), time ?? TimeProvider.System, NullLogger<ContainerWatcher>.Instance);
        await watcher.StartAsync(Cancel);
        return new Watching(watcher);
    }

    private static async Task<string> UploadAsync(PipelineStorage storage, string container, string name) =>
        (await storage.Blob(container, name).UploadAsync(BinaryData.FromString("x"), overwrite: true, Cancel)).Value.ETag.ToString();

    private sealed class Watching(ContainerWatcher watcher) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await watcher.StopAsync(CancellationToken.None);
            watcher.Dispose();
        }
    }

    private sealed class ListLogger : ILogger<DropTriggers>
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
