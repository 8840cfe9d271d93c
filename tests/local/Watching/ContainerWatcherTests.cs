using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Local.Tests.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

public sealed class ContainerWatcherTests(AzuriteFixture azurite)
{
    private readonly WatchedContainers _watched = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("training.csv")]
    [InlineData("sub folder/Gesichter größer 顔.csv.gz")]
    [InlineData("a+b%20#1.zip")]
    public async Task A_dropped_dataset_starts_its_ingest_once_however_often_it_is_seen(string name)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string etag = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, name);

        await using (await _watched.WatchAsync(storage))
        await using (await _watched.WatchAsync(storage))
            await _watched.SeeSeveralTimesAsync(storage);

        // A watcher that starts later sees it again.
        await using (await _watched.WatchAsync(storage))
            await _watched.SeeSeveralTimesAsync(storage);

        Assert.Equal([InstanceIds.Ingest(name, etag)], _watched.Starter.Started.Where(id => id.StartsWith("ingest", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_marker_of_a_folder_of_labels_starts_its_ingest_and_the_other_files_start_nothing()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "faces/face_images.npz");
        string first = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "faces/_READY");
        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 1);

        string second = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "faces/_READY");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Ingest("faces/", first), InstanceIds.Ingest("faces/", second)], _watched.Starter.Started);
        Assert.Empty(await storage.Container(BlobLayout.Rejected).GetBlobsAsync(cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task New_content_under_an_old_name_starts_again()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);

        string first = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "training.csv");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 1);
        string second = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "training.csv");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Ingest("training.csv", first), InstanceIds.Ingest("training.csv", second)], _watched.Starter.Started);
    }

    [Fact]
    public async Task A_file_and_its_sidecar_are_one_drop_and_a_new_sidecar_starts_the_file_again()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string sidecar = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv.keypoints.json");
        string orphan = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "later.csv.keypoints.json");
        string etag = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");

        await using (await _watched.WatchAsync(storage))
            await _watched.SeeSeveralTimesAsync(storage);
        string changed;
        string late;
        await using (await _watched.WatchAsync(storage))
        {
            changed = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv.keypoints.json");
            late = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "later.csv");
            await _watched.SeeSeveralTimesAsync(storage);
        }

        Assert.Equal(
            [InstanceIds.Ingest("a.csv", etag, sidecar), InstanceIds.Ingest("a.csv", etag, changed), InstanceIds.Ingest("later.csv", late, orphan)],
            _watched.Starter.Started.Where(id => id.StartsWith("ingest", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_batch_starts_by_its_marker_or_zip_and_not_by_its_images()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);
        await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "holiday photos/a.jpg");
        await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "holiday photos/sub/b.jpg");
        string zip = await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "zipped.zip");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 1);

        string marker = await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "holiday photos/_READY");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Batch("zipped", zip), InstanceIds.Batch("holiday photos", marker)], _watched.Starter.Started);
    }

    [Fact]
    public async Task A_marker_written_anew_starts_its_batch_anew_also_among_many_batches()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        for (int batch = 0; batch < 40; batch++)
            await WatchedContainers.UploadAsync(storage, BlobLayout.Images, $"batch {batch}/_READY");
        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 40);

        string again = await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "batch 7/_READY");

        await Eventually.TrueAsync(() => _watched.Starter.Started.Contains(InstanceIds.Batch("batch 7", again)));
        Assert.Equal(41, _watched.Starter.Started.Count);
    }

    [Fact]
    public async Task Other_files_are_warned_about_once_and_start_nothing()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var log = new ListLogger();
        await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "notes.txt");
        await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "loose.jpg");

        await using (await _watched.WatchAsync(storage, log))
            await _watched.SeeSeveralTimesAsync(storage);

        Assert.Single(log.Lines, line => line.Contains("datasets/notes.txt is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("images/loose.jpg is left alone", StringComparison.Ordinal));
        Assert.All(_watched.Starter.Started, id => Assert.StartsWith("batch-look-", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blobs_named_to_lead_elsewhere_are_warned_about_and_hold_up_no_other()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        var log = new ListLogger();
        await RawBlobs.PutAsync(test.ConnectionString, "images/../_READY", "x", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "images//_READY", "x", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "datasets/../models/a.csv", "x", Cancel);
        string etag = await WatchedContainers.UploadAsync(test.Storage, BlobLayout.Images, "holiday/_READY");

        await using (await _watched.WatchAsync(test.Storage, log))
            await _watched.SeeSeveralTimesAsync(test.Storage);

        Assert.Single(_watched.Starter.Started, InstanceIds.Batch("holiday", etag));
        Assert.Single(log.Lines, line => line.Contains("images/../_READY is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("images//_READY is left alone", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.Contains("datasets/../models/a.csv is left alone", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again_and_holds_up_no_other()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string a = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");
        string b = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "b.csv");
        _watched.Starter.FailNext();

        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 2);

        Assert.Equal([InstanceIds.Ingest("b.csv", b), InstanceIds.Ingest("a.csv", a)], _watched.Starter.Started);
    }

    [Fact]
    public async Task A_drop_that_an_earlier_version_of_the_host_started_starts_nothing_although_its_history_is_purged()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string etag = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");
        await using EngineHarness engine = await EngineHarness.StartAsync(new WorkflowCatalog());
        JournalPeek.Execute(
            engine.JournalPath, $"INSERT INTO triggers (key, instance_id, seen) VALUES ('datasets/a.csv@{etag.Trim('"')}', 'purged', 638000000000000000)");
        var watched = new WatchedContainers { Earlier = engine.Engine };

        await using (await watched.WatchAsync(storage))
            await watched.SeeSeveralTimesAsync(storage);

        Assert.DoesNotContain(InstanceIds.Ingest("a.csv", etag), watched.Starter.Started);
        Assert.NotNull((await new HandledDrops(storage, TimeProvider.System).FindAsync(Drop.OfDataset("a.csv", etag, null), Cancel))!.StartedAt);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_holds_up_no_batch_and_datasets_start_once_it_is_gone()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string damaged = await WatchedContainers.UploadAsync(storage, BlobLayout.Prepared, "paths/1.json");
        string dataset = await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");
        string zip = await WatchedContainers.UploadAsync(storage, BlobLayout.Images, "zipped.zip");
        await using IAsyncDisposable watching = await _watched.WatchAsync(storage);
        await Eventually.TrueAsync(() => _watched.Starter.Started.Contains(InstanceIds.Batch("zipped", zip)));
        Assert.Single(_watched.Starter.Started);

        await storage.Blob(BlobLayout.Prepared, "paths/1.json").DeleteAsync(
            conditions: new BlobRequestConditions { IfMatch = new ETag(damaged) }, cancellationToken: Cancel);

        await Eventually.TrueAsync(() => _watched.Starter.Started.Contains(InstanceIds.Ingest("a.csv", dataset)));
    }

    [Fact]
    public async Task Storage_that_goes_away_for_a_while_is_watched_again_when_it_is_back()
    {
        using TemporaryFolder folder = TestFolder.Create("watcher");
        var options = new AzuriteOptions { DataFolder = folder.Path };
        PipelineStorage storage;
        IAsyncDisposable watching;
        await using (AzuriteServer first = await AzuriteServer.StartAsync(options, Cancel))
        {
            storage = first.OpenStorage();
            await storage.EnsureContainersAsync(Cancel);
            watching = await _watched.WatchAsync(storage);
            await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "a.csv");
            await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 1);
        }

        await using AzuriteServer second = await AzuriteServer.StartAsync(options, Cancel);
        await WatchedContainers.UploadAsync(storage, BlobLayout.Datasets, "b.csv");
        await Eventually.TrueAsync(() => _watched.Starter.Started.Count == 2);
        await watching.DisposeAsync();

        Assert.Equal(2, _watched.Starter.Started.Count);
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

        await using (await _watched.WatchAsync(proxy.Open(), time: time))
            await Eventually.TrueAsync(() => time.Waits.Count >= 5);

        Assert.Equal([WatchedContainers.Interval, WatchedContainers.Interval, WatchedContainers.Interval, WatchedContainers.Interval, TimeSpan.FromSeconds(36)], time.Waits.Take(5));
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
