using Azure;
using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class DatasetPathsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string V1 = SmallTable.With(20);
    private static readonly string V2 = SmallTable.With(30);
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_content_of_a_path_replaces_the_older_one_and_the_first_one_can_come_back()
    {
        string v1 = await _dropped.AcceptAsync("a.csv", V1);
        string v2 = await _dropped.AcceptAsync("a.csv", V2);
        Assert.Equal([$"a.csv={v2}"], await _dropped.InForceAsync());

        Assert.Equal(v1, await _dropped.AcceptAsync("a.csv", V1));

        Assert.Equal([$"a.csv={v1}"], await _dropped.InForceAsync());
        DatasetPathState state = (await _dropped.Paths.FindAsync("a.csv", Cancel))!;
        Assert.Equal([v1, v2], state.Earlier!.Select(earlier => earlier.DatasetId));
        Assert.Equal(_dropped.Time.GetUtcNow(), state.Since);
    }

    [Fact]
    public async Task Dropping_the_same_content_again_keeps_the_time_from_which_it_is_in_force()
    {
        await _dropped.AcceptAsync("a.csv", V1);
        DateTimeOffset since = _dropped.Time.GetUtcNow();

        await _dropped.AcceptAsync("a.csv", V1);

        DatasetPathState state = (await _dropped.Paths.FindAsync("a.csv", Cancel))!;
        Assert.Equal((since, null), (state.Since, state.Earlier));
    }

    [Fact]
    public async Task One_content_under_two_paths_stays_in_force_until_both_are_withdrawn()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        Assert.Equal(id, await _dropped.AcceptAsync("sub/b.csv", V1));
        Assert.Equal([$"a.csv={id}", $"sub/b.csv={id}"], await _dropped.InForceAsync());

        await _dropped.Paths.WithdrawAsync("a.csv", WithdrawalReason.Removed, Cancel);
        Assert.Equal([$"sub/b.csv={id}"], await _dropped.InForceAsync());

        await _dropped.DeleteAsync("sub/b.csv");
        Assert.Empty(await _dropped.InForceAsync());
    }

    [Fact]
    public async Task Withdrawn_content_is_in_force_again_once_it_is_dropped_again()
    {
        string etag = await _dropped.DropAsync("a.csv", V1);
        string id = (await _dropped.IngestAsync("a.csv", etag)).DatasetId!;
        await _dropped.Paths.WithdrawAsync("a.csv", WithdrawalReason.Removed, Cancel);

        // The step may run twice: the older event must not undo the withdrawal.
        PrepareDatasetOutput again = await _dropped.IngestAsync("a.csv", etag);
        Assert.Null(again.DatasetId);
        Assert.Contains("withdrawn", again.Reason, StringComparison.Ordinal);
        Assert.Empty(await _dropped.InForceAsync());

        Assert.Equal(id, await _dropped.AcceptAsync("a.csv", V1));
        Assert.Equal([$"a.csv={id}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task A_path_that_is_withdrawn_while_its_first_file_is_prepared_does_not_come_into_force()
    {
        string etag = await _dropped.DropAsync("a.csv", V1);
        Assert.NotNull(await _dropped.Paths.WithdrawAsync("a.csv", WithdrawalReason.Removed, Cancel));

        Assert.Null((await _dropped.IngestAsync("a.csv", etag)).DatasetId);

        Assert.Empty(await _dropped.InForceAsync());
        Assert.Null(await _dropped.Paths.WithdrawAsync("never.csv", WithdrawalReason.Removed, Cancel));
    }

    [Fact]
    public async Task A_slow_first_content_that_is_done_after_a_fast_second_one_does_not_replace_it()
    {
        string slow = await _dropped.DropAsync("a.csv", V1);
        string v2 = await _dropped.AcceptAsync("a.csv", V2);

        Assert.False(await _dropped.Paths.PutInForceAsync("a.csv", "ds-slow", slow, Cancel));

        Assert.Equal([$"a.csv={v2}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task A_second_content_that_comes_into_force_between_look_and_write_is_kept()
    {
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_dropped.Account, Cancel);
        string slow = await _dropped.DropAsync("a.csv", V1);
        string? v2 = null;
        proxy.Before = async request =>
        {
            if (request is { Method: "PUT", Container: BlobLayout.Prepared } && v2 is null)
            {
                v2 = "";
                v2 = await _dropped.AcceptAsync("a.csv", V2);
            }
        };
        PipelineStorage disturbed = proxy.Open();

        bool inForce = await new DatasetPaths(disturbed, new PreparedDatasetStore(disturbed), _dropped.Time)
            .PutInForceAsync("a.csv", "ds-slow", slow, Cancel);

        Assert.False(inForce);
        Assert.Equal([$"a.csv={v2}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task A_deleted_file_withdraws_its_path_and_the_same_file_back_puts_it_in_force_again()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        string other = await _dropped.AcceptAsync("b.csv", V2);
        await _dropped.DeleteAsync("a.csv");
        Assert.Equal([$"b.csv={other}"], await _dropped.InForceAsync());
        DatasetPathState withdrawn = (await _dropped.Paths.FindAsync("a.csv", Cancel))!;
        Assert.Equal((WithdrawalReason.Deleted, _dropped.Time.GetUtcNow()), (withdrawn.Withdrawn!.Reason, withdrawn.Withdrawn.At));

        // Azurite cannot undelete. A file with another ETag is not the same file; it waits for its own ingest.
        string etag = await _dropped.DropAsync("a.csv", V1);
        Assert.Equal([$"b.csv={other}"], await _dropped.InForceAsync());
        await StoreAsync(withdrawn with { SourceETag = etag });

        Assert.Equal([$"a.csv={id}", $"b.csv={other}"], await _dropped.InForceAsync());
        Assert.Equal(WithdrawalReason.Deleted, (await _dropped.Paths.FindAsync("a.csv", Cancel))!.Earlier!.Single().Withdrawn);
    }

    [Fact]
    public async Task A_rejected_newer_content_leaves_the_older_one_in_force()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);

        Assert.Null((await _dropped.IngestAsync("a.csv", await _dropped.DropAsync("a.csv", "nose_x,nose_y\n1,2\n"))).DatasetId);

        Assert.Equal([$"a.csv={id}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task More_than_half_gone_at_once_withdraws_nothing_until_a_person_confirms()
    {
        string[] names = ["a.csv", "b.csv", "c.csv", "d.csv"];
        foreach (string name in names)
            await _dropped.AcceptAsync(name, SmallTable.With(20 + name[0]));
        foreach (string name in names[..3])
            await _dropped.DeleteAsync(name);

        VanishedDatasetsException error = await Assert.ThrowsAsync<VanishedDatasetsException>(_dropped.InForceAsync);
        Assert.Contains("3 of 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("a.csv, b.csv, c.csv", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await _dropped.Paths.ListInForceAsync(Cancel)).Count);

        await _dropped.Paths.WithdrawAsync("a.csv", WithdrawalReason.Removed, Cancel);
        await _dropped.Paths.WithdrawAsync("b.csv", WithdrawalReason.Removed, Cancel);
        Assert.StartsWith("d.csv=", Assert.Single(await _dropped.InForceAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_file_may_be_deleted()
    {
        await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.DeleteAsync("a.csv");

        Assert.Empty(await _dropped.InForceAsync());
    }

    [Fact]
    public async Task A_failed_listing_withdraws_nothing()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_dropped.Account, Cancel);
        proxy.Plan = request => request is { Method: "GET", Container: BlobLayout.Datasets, Blob: "" } ? StorageFault.InternalError : StorageFault.None;
        PipelineStorage disturbed = proxy.Open(retries: 0);

        await Assert.ThrowsAsync<RequestFailedException>(
            () => new DatasetPaths(disturbed, new PreparedDatasetStore(disturbed), _dropped.Time).ReconcileAsync(Cancel));

        Assert.Equal([$"a.csv={id}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task A_dataset_whose_prepared_copy_is_gone_is_not_trained_on_until_it_is_dropped_again()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.Storage.DeleteAllAsync(BlobLayout.Prepared, $"{id}/", Cancel);

        Assert.Empty(await _dropped.InForceAsync());
        Assert.Equal(WithdrawalReason.Lost, (await _dropped.Paths.FindAsync("a.csv", Cancel))!.Withdrawn!.Reason);

        await _dropped.AcceptAsync("a.csv", V1);
        Assert.Equal([$"a.csv={id}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task An_earlier_versions_storage_keeps_the_newest_dataset_of_each_path_also_where_the_file_is_gone()
    {
        string old = await _dropped.AcceptAsync("a.csv", V1);
        string newest = await _dropped.AcceptAsync("a.csv", V2);
        string other = await _dropped.AcceptAsync("gone.csv", SmallTable.With(40));
        await _dropped.DeleteAsync("gone.csv");
        await _dropped.Storage.DeleteAllAsync(BlobLayout.Prepared, BlobLayout.PreparedPaths, Cancel);

        Assert.Equal([$"a.csv={newest}", $"gone.csv={other}"], (await _dropped.Paths.ListInForceAsync(Cancel)).Select(d => $"{d.Path}={d.DatasetId}"));
        for (int planned = 0; planned < 2; planned++)
            Assert.Equal([$"a.csv={newest}", $"gone.csv={other}"], await _dropped.InForceAsync());
        DatasetPathState state = (await _dropped.Paths.FindAsync("a.csv", Cancel))!;
        Assert.True(state.TakenOver);
        Assert.Equal([old, newest], state.DatasetIds);

        // A rejected or overtaken file must not hide what was taken over; a good one replaces it.
        await _dropped.Paths.RegisterAsync("a.csv", Cancel);
        Assert.Equal(old, await _dropped.AcceptAsync("a.csv", V1));
        Assert.Equal([$"a.csv={old}", $"gone.csv={other}"], await _dropped.InForceAsync());
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private Task StoreAsync(DatasetPathState state) =>
        _dropped.Storage.WriteAsync(BlobLayout.Prepared, DatasetPaths.BlobOf(state.Path), state, Cancel);
}
