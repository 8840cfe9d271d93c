using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Api.Endpoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>Erasing the rows of one group, for example of a person who asked for it.</summary>
public sealed class GroupErasureTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Header = "group,nose_x,nose_y,Image";
    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dataset_in_force_is_written_again_without_the_rows_of_the_group()
    {
        string old = await _dropped.AcceptAsync("a.csv", Table(first: 0, "anna", "ben", " anna ", ""));

        DatasetRemoval removal = await RemoveAsync("path=a.csv&group=anna");

        RemovedDataset removed = Assert.Single(removal.Datasets);
        Assert.Equal(("a.csv", old, 20, true), (removed.Path, removed.DatasetId, removed.Rows, removed.InForce));
        string next = removed.NewDatasetId!;
        Assert.Equal([$"a.csv={next}"], await _dropped.InForceAsync());
        Assert.All(await _dropped.NamesAsync(BlobLayout.Prepared), name => Assert.StartsWith(next, name, StringComparison.Ordinal));
        Assert.Equal([$"{next}.json"], await _dropped.NamesAsync(BlobLayout.Reports));

        using TemporaryFolder folder = TestFolder.Create("erased");
        using PreparedDataset dataset = PreparedDataset.Open(
            await _dropped.Prepared.DownloadAsync(next, folder.Path, Cancel));
        Assert.Equal(20, dataset.Rows);
        Assert.DoesNotContain(GroupKey.Of("anna")!.Value, Enumerable.Range(0, 20).Select(dataset.SplitKey));
        Assert.Equal(Enumerable.Range(0, 40).Where(row => row % 4 is 1 or 3).Select(row => (uint)row + 1), Enumerable.Range(0, 20).Select(dataset.SourceRow));
        DatasetReport report = (await _dropped.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{next}.json", Cancel))!.Value;
        Assert.Equal((40, 20, 20, 20), (report.RowsIn, report.RowsAccepted, report.Erased, report.Labels.Single().Labels));
        Assert.Contains(removal.Remains, copy => copy.What.StartsWith("the dropped file datasets/a.csv", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Later_ingests_leave_the_rows_out_and_count_them()
    {
        string table = Table(first: 0, "anna", "ben");
        await _dropped.AcceptAsync("a.csv", table);
        string next = Assert.Single((await RemoveAsync("path=a.csv&group=anna")).Datasets).NewDatasetId!;

        Assert.Equal(next, await _dropped.AcceptAsync("a.csv", table));

        DatasetReport report = (await _dropped.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{next}.json", Cancel))!.Value;
        Assert.Equal((20, 10, 10), (report.RowsIn, report.RowsAccepted, report.Erased));
        Assert.Contains("Rows left out because their group was erased: 10.", report.Warnings);
        Assert.Contains("anna", await ContentAsync("a.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_erased_under_one_path_or_everywhere()
    {
        await _dropped.AcceptAsync("a.csv", Table(first: 0, "anna", "ben"));
        string b = await _dropped.AcceptAsync("b.csv", Table(first: 100, "anna", "carl"));
        string later = Table(first: 300, "anna", "dora");

        DatasetRemoval one = await RemoveAsync("path=a.csv&group=anna");
        Assert.Equal(["a.csv"], one.Datasets.Select(dataset => dataset.Path));
        Assert.Contains($"b.csv={b}", await _dropped.InForceAsync());
        await _dropped.AcceptAsync("c.csv", later);
        Assert.Equal(20, await RowsInForceAsync("c.csv"));

        DatasetRemoval all = await RemoveAsync("everywhere=true&group=anna");
        Assert.Equal(["b.csv", "c.csv"], all.Datasets.Select(dataset => dataset.Path));
        await _dropped.AcceptAsync("d.csv", later);
        foreach (string path in (string[])["a.csv", "b.csv", "c.csv", "d.csv"])
            Assert.Equal(10, await RowsInForceAsync(path));
        Assert.Empty((await RemoveAsync("everywhere=true&group=anna")).Datasets);
    }

    [Fact]
    public async Task A_preview_counts_the_rows_of_each_dataset()
    {
        string a = await _dropped.AcceptAsync("a.csv", Table(first: 0, "anna", "ben"));
        await _dropped.AcceptAsync("b.csv", Table(first: 100, "carl"));

        DatasetRemoval preview = await RemoveAsync("everywhere=true&group=anna&preview=true");

        Assert.Equal(new RemovedDataset("a.csv", a, 10, InForce: true), Assert.Single(preview.Datasets));
        Assert.Equal(20, await RowsInForceAsync("a.csv"));
        Assert.Empty((await RemoveAsync("everywhere=true&group=Anna&preview=true")).Datasets);
    }

    [Fact]
    public async Task Replaced_datasets_with_the_group_are_deleted()
    {
        string v1 = await _dropped.AcceptAsync("a.csv", Table(first: 0, "anna"));
        string v2 = await _dropped.AcceptAsync("a.csv", Table(first: 100, "ben"));

        await RemoveAsync("path=a.csv&group=anna");

        Assert.Equal([$"a.csv={v2}"], await _dropped.InForceAsync());
        Assert.DoesNotContain($"{v1}/dataset.json", await _dropped.NamesAsync(BlobLayout.Prepared));
    }

    [Fact]
    public async Task A_dataset_with_no_other_row_is_withdrawn_and_its_file_is_rejected_later_without_a_copy()
    {
        string table = Table(first: 0, "anna");
        await _dropped.AcceptAsync("a.csv", table);

        await RemoveAsync("path=a.csv&group=anna");
        Assert.Empty(await _dropped.InForceAsync());
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Prepared));

        PrepareDatasetOutput again = await _dropped.IngestAsync("a.csv", await _dropped.DropAsync("a.csv", table));
        Assert.Equal("Every usable row of a.csv belongs to an erased group.", again.Reason);
        Assert.Equal(["a.csv.reason.json"], await _dropped.NamesAsync(BlobLayout.Rejected));
    }

    [Theory]
    [InlineData("PUT", "_incoming/", "/images-00000.u8")]
    [InlineData("PUT", "ds-", "/images-00000.u8")]
    [InlineData("PUT", "", ".json")]
    public async Task A_group_that_is_erased_while_its_file_is_ingested_leaves_no_row(string method, string start, string end)
    {
        string etag = await _dropped.DropAsync("a.csv", Table(first: 0, "anna", "ben"));
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_dropped.Account, Cancel);
        bool erased = false;
        proxy.Before = async request =>
        {
            if (!erased && request.Method == method && request.Container == BlobLayout.Prepared
                && request.Blob.StartsWith(start, StringComparison.Ordinal) && request.Blob.EndsWith(end, StringComparison.Ordinal))
            {
                erased = true;
                await RemoveAsync("path=a.csv&group=anna");
            }
        };
        await using DroppedDatasets other = _dropped.OtherHost(proxy.Open());

        PrepareDatasetOutput output = await other.IngestAsync("a.csv", etag);

        Assert.True(erased);
        Assert.Equal([$"a.csv={output.DatasetId}"], await _dropped.InForceAsync());
        Assert.Equal(10, await RowsInForceAsync("a.csv"));
        Assert.All(await _dropped.NamesAsync(BlobLayout.Prepared), name => Assert.StartsWith(output.DatasetId!, name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PUT", "_incoming/", "/images-00000.u8")]
    [InlineData("PUT", "ds-", "/images-00000.u8")]
    [InlineData("PUT", "ds-", "/dataset.json")]
    public async Task A_path_that_is_erased_while_its_file_is_ingested_leaves_no_copy(string method, string start, string end)
    {
        string etag = await _dropped.DropAsync("a.csv", Table(first: 0, "anna"));
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_dropped.Account, Cancel);
        bool erased = false;
        proxy.Before = async request =>
        {
            if (!erased && request.Method == method && request.Container == BlobLayout.Prepared
                && request.Blob.StartsWith(start, StringComparison.Ordinal) && request.Blob.EndsWith(end, StringComparison.Ordinal))
            {
                erased = true;
                await RemoveAsync("path=a.csv&erase=true");
            }
        };
        await using DroppedDatasets other = _dropped.OtherHost(proxy.Open());

        PrepareDatasetOutput output = await other.IngestAsync("a.csv", etag);

        Assert.True(erased);
        Assert.Null(output.DatasetId);
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Prepared));
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Reports));
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Datasets));
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    /// <summary>Ten rows of each group in turn, with images that no other table has.</summary>
    private static string Table(int first, params string[] groups) => string.Join(
        '\n', [Header, .. Enumerable.Range(first, 10 * groups.Length).Select(row => $"{groups[(row - first) % groups.Length]},{SmallTable.Row(row)}")]) + "\n";

    private async Task<DatasetRemoval> RemoveAsync(string query) =>
        (DatasetRemoval)(await _dropped.Get<RemoveDataset>().CallAsync(query, _workflows, Cancel)).Body;

    private async Task<int> RowsInForceAsync(string path)
    {
        DatasetInForce found = (await _dropped.Paths.ListInForceAsync(Cancel)).Single(dataset => dataset.Path == path);
        return (await _dropped.Prepared.FindAsync(found.DatasetId, Cancel))!.Rows;
    }

    private async Task<string> ContentAsync(string path) =>
        (await _dropped.Storage.FindContentAsync(BlobLayout.Datasets, path, Cancel))!.Content.ToString();
}
