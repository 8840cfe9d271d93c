using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

/// <summary>Drops whose start fails, or whose starter dies on the way.</summary>
public sealed class RepeatedStartTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_starter_that_dies_between_the_record_and_the_start_loses_nothing()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        account.Starter.FailNext();
        await Assert.ThrowsAsync<IOException>(() => account.Handled.StartOnceAsync(account.Starter, drop, Cancel));

        // The starter may still be at work.
        account.Time.Advance(TimeSpan.FromSeconds(59));
        await account.RunAsync();
        Assert.Empty(account.Starter.Started);

        account.Time.Advance(TimeSpan.FromSeconds(2));
        await account.RunAsync();
        Assert.Equal([drop.InstanceId], account.Starter.Started);
        Assert.NotNull((await account.RecordAsync(drop)).StartedAt);
    }

    [Fact]
    public async Task A_starter_that_dies_between_the_start_and_its_confirmation_starts_nothing_twice()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(test, Cancel);
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string etag = (await test.Storage.Blob(BlobLayout.Datasets, "a.csv").UploadAsync(BinaryData.FromString("x"), Cancel)).Value.ETag.ToString();
        int writes = 0;
        proxy.Plan = request => request is { Method: "PUT", Container: BlobLayout.Handled } && ++writes > 1 ? StorageFault.InternalError : StorageFault.None;
        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => account.TriggersOn(proxy.Open(retries: 0))
            .HandleAsync(account.Starter, BlobLayout.Datasets, "a.csv", etag, Cancel));
        Assert.Single(account.Starter.Started);

        account.Time.Advance(TimeSpan.FromMinutes(2));
        await account.RunAsync(test.Storage);
        account.Starter.Purge();
        await account.RunAsync(test.Storage);

        Assert.Equal([InstanceIds.Ingest("a.csv", etag)], account.Starter.Started);
    }

    [Fact]
    public async Task A_poisoned_drop_is_tried_again_once_a_day_and_five_times()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        await account.TriggersOn(account.Storage).PoisonAsync(BlobLayout.Datasets, "a.csv", drop.ETag, "five tries failed.", Cancel);
        int tries = 0;
        account.Starter.Refuse = _ =>
        {
            tries++;
            return new IOException("the hub is away");
        };

        var triesByDay = new List<int>();
        for (int day = 0; day < 8; day++)
        {
            for (int run = 0; run < 4; run++)
            {
                account.Time.Advance(TimeSpan.FromHours(6));
                await account.RunAsync();
            }

            triesByDay.Add(tries);
        }

        Assert.Equal([1, 2, 3, 4, 5, 5, 5, 5], triesByDay);
        HandledDrop record = await account.RecordAsync(drop);
        Assert.Equal((5, "the hub is away", null), (record.Tries, record.Problem, record.StartedAt));
        Assert.NotNull(await account.Storage.FindETagAsync(BlobLayout.Rejected, "datasets/a.csv.unstarted.json", Cancel));
    }

    [Fact]
    public async Task A_poisoned_drop_that_starts_at_last_is_no_longer_listed_as_not_started()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        await account.TriggersOn(account.Storage).PoisonAsync(BlobLayout.Datasets, "a.csv", drop.ETag, "five tries failed.", Cancel);
        account.Time.Advance(TimeSpan.FromHours(23));
        await account.RunAsync();
        Assert.Empty(account.Starter.Started);

        account.Time.Advance(TimeSpan.FromHours(1));
        await account.RunAsync();

        Assert.Equal([drop.InstanceId], account.Starter.Started);
        Assert.Null(await account.Storage.FindETagAsync(BlobLayout.Rejected, "datasets/a.csv.unstarted.json", Cancel));
    }

    [Fact]
    public async Task A_drop_that_was_started_is_not_poisoned_by_what_failed_later()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        await account.Handled.StartOnceAsync(account.Starter, drop, Cancel);

        await account.TriggersOn(account.Storage).PoisonAsync(BlobLayout.Datasets, "a.csv", drop.ETag, "five tries failed.", Cancel);

        Assert.Null((await account.RecordAsync(drop)).PoisonedAt);
        Assert.Null(await account.Storage.FindETagAsync(BlobLayout.Rejected, "datasets/a.csv.unstarted.json", Cancel));
    }

    [Fact]
    public async Task A_drop_that_fails_for_an_hour_without_events_is_poisoned_and_recorded_and_mailed_once()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        account.Starter.Refuse = _ => new IOException("the hub is away");

        for (int run = 0; run < 12; run++)
        {
            await account.RunAsync();
            account.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.NotNull((await account.RecordAsync(drop)).PoisonedAt);
        var record = await account.Storage.ReadAsync<UnstartedBlob>(BlobLayout.Rejected, "datasets/a.csv.unstarted.json", Cancel);
        Assert.Contains("the hub is away", record!.Value.Reason, StringComparison.Ordinal);
        Assert.Single(account.Log.Lines, line => line.StartsWith("Error: Blob datasets/a.csv could not be handled", StringComparison.Ordinal));

        account.Starter.Refuse = _ => null;
        account.Time.Advance(TimeSpan.FromDays(1));
        await account.RunAsync();
        Assert.Equal([drop.InstanceId], account.Starter.Started);
    }

    [Fact]
    public async Task A_drop_that_cannot_start_stops_no_other()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        Drop drop = await DropAsync(account);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "b.csv");
        account.Starter.Refuse = id => id == drop.InstanceId ? new IOException("refused") : null;

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("b.csv", etag)], account.Starter.Started);
    }

    [Fact]
    public async Task A_run_ends_after_ten_failures_in_a_row_and_nothing_is_lost()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        for (int drop = 0; drop < 12; drop++)
            await account.UploadAsync(BlobLayout.Datasets, $"{drop:00}.csv");
        int tries = 0;
        account.Starter.Refuse = _ =>
        {
            tries++;
            return new IOException("the hub is away");
        };
        await account.RunAsync();
        Assert.Equal(10, tries);

        account.Starter.Refuse = _ => null;
        account.Time.Advance(TimeSpan.FromMinutes(10));
        await account.RunAsync();

        Assert.Equal(12, account.Starter.Started.Count);
    }

    private static async Task<Drop> DropAsync(ReconciledAccount account) =>
        Drop.OfDataset("a.csv", await account.UploadAsync(BlobLayout.Datasets, "a.csv"), sidecarETag: null);
}
