using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class ListDatasetsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Bad = "a,b\n1,2\n";
    private static readonly string V1 = SmallTable.With(20);
    private static readonly string V2 = SmallTable.With(30);
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rejected_files_are_listed_by_the_path_they_were_dropped_under()
    {
        await RejectAsync("sub/bad.csv");

        DatasetList list = await ListAsync();

        Assert.Empty(list.Datasets);
        Assert.Equal(["sub/bad.csv"], list.Rejected);
        Assert.Empty(list.Paths!);
    }

    [Fact]
    public async Task A_rejected_file_is_forgotten_once_a_good_one_of_its_path_is_accepted()
    {
        await RejectAsync("a.csv");
        await _dropped.AcceptAsync("a.csv", V1);
        Assert.Empty((await ListAsync()).Rejected);

        await RejectAsync("a.csv");
        DatasetList list = await ListAsync();
        Assert.Equal(["a.csv"], list.Rejected);
        Assert.Equal(20, Assert.Single(list.Paths!).Rows);

        await _dropped.AcceptAsync("a.csv", V2);
        Assert.Empty((await ListAsync()).Rejected);
    }

    [Fact]
    public async Task An_earlier_versions_rejection_is_forgotten_too_if_the_file_was_accepted_later()
    {
        await RejectAsync("a.csv");
        _dropped.Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddMinutes(1));
        await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.Storage.DeleteAllAsync(BlobLayout.Prepared, BlobLayout.PreparedPaths, Cancel);

        Assert.Empty((await ListAsync()).Rejected);
    }

    [Fact]
    public async Task Only_what_is_in_force_is_a_dataset_and_every_path_says_since_when_or_why_not()
    {
        await _dropped.AcceptAsync("a.csv", V1);
        string newest = await _dropped.AcceptAsync("a.csv", V2);
        DateTimeOffset since = _dropped.Time.GetUtcNow();
        string deleted = await _dropped.AcceptAsync("b.csv", SmallTable.With(40));
        await _dropped.DeleteAsync("b.csv");
        await _dropped.Paths.WithdrawAsync("a.csv", WithdrawalReason.Removed, Cancel);
        await _dropped.AcceptAsync("a.csv", V2);

        DatasetList list = await ListAsync();

        Assert.Equal([newest], list.Datasets.Select(dataset => dataset.DatasetId));
        Assert.Equal(["a.csv", "b.csv"], list.Paths!.Select(path => path.Path));
        Assert.Equal((newest, 30, null), (list.Paths![0].DatasetId, list.Paths[0].Rows, list.Paths[0].Withdrawn));
        Assert.True(list.Paths[0].Since > since);
        Assert.Equal((deleted, WithdrawalReason.Deleted), (list.Paths[1].DatasetId, list.Paths[1].Withdrawn!.Reason));
        Assert.Null(list.Paths[1].Note);

        await _dropped.DropAsync("b.csv", SmallTable.With(40));
        Assert.Contains("drop it again", (await ListAsync()).Paths![1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_that_was_taken_over_says_so_if_its_file_is_gone_or_has_changed()
    {
        await _dropped.AcceptAsync("changed.csv", V1);
        await _dropped.AcceptAsync("gone.csv", V2);
        await _dropped.AcceptAsync("same.csv", SmallTable.With(40));
        await _dropped.DropAsync("changed.csv", SmallTable.With(50));
        await _dropped.DeleteAsync("gone.csv");
        await _dropped.Storage.DeleteAllAsync(BlobLayout.Prepared, BlobLayout.PreparedPaths, Cancel);

        IReadOnlyList<DatasetPathInfo> paths = (await ListAsync()).Paths!;

        Assert.Contains("drop it again to be sure", paths[0].Note, StringComparison.Ordinal);
        Assert.Contains("its file is gone", paths[1].Note, StringComparison.Ordinal);
        Assert.Null(paths[2].Note);
    }

    [Fact]
    public async Task Files_that_vanished_all_at_once_are_a_warning_and_stay_in_force()
    {
        foreach (int rows in (int[])[20, 30, 40])
            await _dropped.AcceptAsync($"{rows}.csv", SmallTable.With(rows));
        foreach (int rows in (int[])[20, 30])
            await _dropped.DeleteAsync($"{rows}.csv");

        DatasetList list = await ListAsync();

        Assert.Contains("2 of 3", list.Warning, StringComparison.Ordinal);
        Assert.Equal(3, list.Datasets.Count);
    }

    [Fact]
    public async Task One_path_is_listed_alone_with_its_newest_report()
    {
        string id = await _dropped.AcceptAsync("a/b c.csv", V1);
        await _dropped.AcceptAsync("a/b.csv", V2);

        DatasetList accepted = await ListAsync("a/b c.csv");
        Assert.Equal([id], accepted.Datasets.Select(dataset => dataset.DatasetId));
        Assert.Equal(["a/b c.csv"], accepted.Paths!.Select(path => path.Path));
        Assert.Equal((id, null), (accepted.Report!.DatasetId, accepted.Report.Rejection));

        await RejectAsync("a/b c.csv");
        DatasetList rejected = await ListAsync("a/b c.csv");
        Assert.Equal(["a/b c.csv"], rejected.Rejected);
        Assert.NotNull(rejected.Report!.Rejection);
        Assert.Equal(20, Assert.Single(rejected.Paths!).Rows);
    }

    [Fact]
    public async Task A_path_that_started_nothing_says_why()
    {
        var record = new UnstartedBlob("datasets/a/notes.xlsx", null, DateTimeOffset.UnixEpoch, "Save it as CSV.");
        await _dropped.Storage.WriteAsync(BlobLayout.Rejected, UnstartedBlob.RecordOf("datasets", "a/notes.xlsx"), record, Cancel);

        DatasetList list = await ListAsync("a/notes.xlsx");

        Assert.Equal(record, list.NotStarted);
        Assert.Equal(["datasets/a/notes.xlsx"], list.Unstarted);
        Assert.Null(list.Report);
    }

    [Theory]
    [InlineData("never.csv", 404)]
    [InlineData("never/", 404)]
    [InlineData("../models/champion.json", 400)]
    [InlineData(@"a\b.csv", 400)]
    [InlineData("", 400)]
    public async Task A_path_that_nobody_dropped_is_a_problem(string path, int status)
    {
        var e = await Assert.ThrowsAsync<ApiProblemException>(() => ListAsync(path));

        Assert.Equal(status, e.Problem.Status);
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private async Task<DatasetList> ListAsync() => (DatasetList)(await _dropped.Get<ListDatasets>().CallAsync(Cancel)).Body;

    private async Task<DatasetList> ListAsync(string path) =>
        (DatasetList)(await _dropped.Get<ListDatasets>().CallAsync($"path={path}", new StartRecorder(), Cancel)).Body;

    private async Task RejectAsync(string path) =>
        Assert.Null((await _dropped.IngestAsync(path, await _dropped.DropAsync(path, Bad))).DatasetId);
}
