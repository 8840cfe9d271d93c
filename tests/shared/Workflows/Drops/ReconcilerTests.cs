using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

public sealed class ReconcilerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drops_without_any_event_are_started_once_and_what_starts_nothing_is_left_alone()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string table = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string sidecar = await account.UploadAsync(BlobLayout.Datasets, "a.csv.keypoints.json");
        await account.UploadAsync(BlobLayout.Datasets, "faces/1.png");
        string folder = await account.UploadAsync(BlobLayout.Datasets, "faces/_READY");
        await account.UploadAsync(BlobLayout.Images, "people/1.jpg");
        string marker = await account.UploadAsync(BlobLayout.Images, "people/_READY");
        string zip = await account.UploadAsync(BlobLayout.Images, "zipped.zip");
        await account.UploadAsync(BlobLayout.Images, "unfinished/1.jpg");

        for (int run = 0; run < 3; run++)
            await account.RunAsync();

        string[] expected =
        [
            InstanceIds.Ingest("a.csv", table, sidecar), InstanceIds.Ingest("faces/", folder), InstanceIds.Batch("people", marker), InstanceIds.Batch("zipped", zip),
        ];
        Assert.Equal(expected.Order(), account.Starter.Started.Order());
        HandledDrop record = await account.RecordAsync(Drop.OfDataset("a.csv", table, sidecar));
        Assert.Equal(("datasets/a.csv", expected[0], account.Time.GetUtcNow()), (record.Blob, record.InstanceId, record.StartedAt));
        Assert.Equal((table.Trim('"'), sidecar.Trim('"')), (record.ETag.Trim('"'), record.SidecarETag!.Trim('"')));
    }

    [Fact]
    public async Task New_content_and_a_marker_written_again_are_new_drops()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string table = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string marker = await account.UploadAsync(BlobLayout.Images, "people/_READY");
        await account.RunAsync();

        string newTable = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string newMarker = await account.UploadAsync(BlobLayout.Images, "people/_READY");
        await account.RunAsync();

        Assert.Equal(
            [
                InstanceIds.Ingest("a.csv", table), InstanceIds.Batch("people", marker),
                InstanceIds.Ingest("a.csv", newTable), InstanceIds.Batch("people", newMarker),
            ],
            account.Starter.Started);
    }

    [Fact]
    public async Task A_confirmed_drop_starts_nothing_again_although_the_history_is_purged_and_its_event_comes_again()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        await account.TriggersOn(account.Storage).HandleAsync(account.Starter, BlobLayout.Datasets, "a.csv", etag, Cancel);
        account.Starter.Purge();
        account.Time.Advance(TimeSpan.FromDays(40));

        await account.RunAsync();
        await account.TriggersOn(account.Storage).HandleAsync(account.Starter, BlobLayout.Datasets, "a.csv", etag, Cancel);

        Assert.Single(account.Starter.Started);
    }

    [Fact]
    public async Task The_first_records_of_an_earlier_storage_create_their_container()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        await account.Storage.Container(BlobLayout.Handled).DeleteAsync(cancellationToken: Cancel);
        await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string event1 = await account.UploadAsync(BlobLayout.Datasets, "b.csv");

        await account.TriggersOn(account.Storage).HandleAsync(account.Starter, BlobLayout.Datasets, "b.csv", event1, Cancel);
        await account.RunAsync();

        Assert.Equal(2, account.Starter.Started.Count);
    }

    [Fact]
    public async Task A_container_without_drops_keeps_its_place_in_an_earlier_storage()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        await account.Storage.Container(BlobLayout.Handled).DeleteAsync(cancellationToken: Cancel);

        await account.RunAsync();

        Assert.NotNull(await account.Storage.FindETagAsync(BlobLayout.Handled, "_place/datasets.json", Cancel));
    }

    [Theory]
    [InlineData(2, 5_000)]
    [InlineData(1_000, 2)]
    public async Task A_run_stops_at_its_limit_and_the_next_process_goes_on_from_there(int starts, int pageSize)
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        account.Limits = new ReconcileLimits { Starts = starts, PageSize = pageSize, Pages = 1 };
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            await account.UploadAsync(BlobLayout.Datasets, $"{name}.csv");
            await account.UploadAsync(BlobLayout.Images, $"{name}/_READY");
        }

        var counts = new List<int>();
        for (int run = 0; run < 4; run++)
        {
            await account.RunAsync();
            counts.Add(account.Starter.Started.Count);
        }

        Assert.Equal([4, 8, 10, 10], counts);
    }

    [Fact]
    public async Task What_is_dropped_behind_the_place_of_a_pass_is_found_by_the_next_pass()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        account.Limits = new ReconcileLimits { PageSize = 2, Pages = 1 };
        foreach (string name in (string[])["b", "c", "d"])
            await account.UploadAsync(BlobLayout.Datasets, $"{name}.csv");
        await account.RunAsync();

        string late = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        for (int run = 0; run < 3; run++)
            await account.RunAsync();

        Assert.Contains(InstanceIds.Ingest("a.csv", late), account.Starter.Started);
    }

    [Fact]
    public async Task A_pass_asks_for_no_record_of_what_an_earlier_pass_has_settled_and_once_a_day_for_all()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "old.csv");
        await account.LetStorageTimePassAsync(BlobLayout.Datasets, "old.csv");
        // Storage states whole seconds.
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await account.Storage.WriteAsync(BlobLayout.Handled, "_place/datasets.json", new ReconcilePlace(now, now), Cancel);

        await account.RunAsync();
        Assert.Empty(account.Starter.Started);

        // Restored with its old time: the daily pass finds it.
        await account.Storage.WriteAsync(BlobLayout.Handled, "_place/datasets.json", new ReconcilePlace(now, now.AddHours(-25)), Cancel);
        await account.RunAsync();
        Assert.Equal([InstanceIds.Ingest("old.csv", etag)], account.Starter.Started);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_hides_no_drop()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        DateTimeOffset ahead = DateTimeOffset.UtcNow.AddHours(2);
        await account.Storage.WriteAsync(BlobLayout.Handled, "_place/datasets.json", new ReconcilePlace(ahead, ahead), Cancel);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "a.csv");

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("a.csv", etag)], account.Starter.Started);
    }

    [Fact]
    public async Task A_continuation_token_that_the_service_refuses_begins_the_pass_again()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        var place = new ReconcilePlace(Pass: new ReconcilePass(DateTimeOffset.UtcNow, IsFull: true, Next: "of another time"));
        await account.Storage.WriteAsync(BlobLayout.Handled, "_place/datasets.json", place, Cancel);
        BlobClientOptions options = StoragePatience.ForSteps();
        options.AddPolicy(new RefusedMarkers(), HttpPipelinePosition.PerCall);

        await account.RunAsync(new PipelineStorage(new BlobServiceClient(account.ConnectionString, options)));

        Assert.Equal([InstanceIds.Ingest("a.csv", etag)], account.Starter.Started);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_stop_no_other_drop()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string unreadable = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string etag = await account.UploadAsync(BlobLayout.Datasets, "b.csv");
        foreach (string name in (string[])[Drop.OfDataset("a.csv", unreadable, null).Record, "_place/datasets.json", "_place/images.json"])
            await account.Storage.Blob(BlobLayout.Handled, name).UploadAsync(BinaryData.FromString("{"), overwrite: true, Cancel);

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("b.csv", etag)], account.Starter.Started);
        Assert.Single(account.Log.Lines, line => line.StartsWith("Error: datasets/a.csv is left alone: handled/datasets/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prepared_sets_that_were_left_behind_for_a_day_are_deleted()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string[] kept = ["abc/dataset.json", "paths/1.json"];
        foreach (string name in (string[])[.. kept, "_incoming/left-1/images-00000.u8", "_incoming/left-1/dataset.json", "_incoming/left-2/x"])
            await account.UploadAsync(BlobLayout.Prepared, name);

        account.Time.SetUtcNow(DateTimeOffset.UtcNow.AddHours(23));
        await account.RunAsync();
        Assert.Equal(5, (await NamesAsync()).Count);

        await account.Storage.Blob(BlobLayout.Handled, "_place/datasets.json").DeleteAsync(cancellationToken: Cancel);
        account.Time.SetUtcNow(DateTimeOffset.UtcNow.AddHours(25));
        await account.RunAsync();
        Assert.Equal(kept, await NamesAsync());

        Task<List<string>> NamesAsync() =>
            account.Storage.ListAsync(BlobLayout.Prepared, prefix: null, Cancel).Select(blob => blob.Name).ToListAsync(Cancel).AsTask();
    }

    /// <summary>Refuses every continuation token, as the service refuses those that it did not write.</summary>
    private sealed class RefusedMarkers : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Uri.Query.Contains("marker=", StringComparison.Ordinal))
                throw new Azure.RequestFailedException(400, "One of the query parameters specified in the request URI is invalid.");
        }
    }
}
