using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows.Drops;

/// <summary>The first pass in a storage of an earlier version, which kept no records of drops.</summary>
public sealed class EarlierOutcomesTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_with_results_of_this_drop_is_recorded_and_not_started()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        await account.UploadAsync(BlobLayout.Images, "people/_READY");
        await account.UploadAsync(BlobLayout.Images, "zipped.zip");
        string newer = await account.UploadAsync(BlobLayout.Images, "again/_READY");
        string damaged = await account.UploadAsync(BlobLayout.Images, "damaged/_READY");
        await WriteSummaryAsync(account, "people", Day);
        await WriteSummaryAsync(account, "zipped", Day);
        await WriteSummaryAsync(account, "again", -Day);
        await account.UploadAsync(BlobLayout.Results, "damaged/summary.json");

        await account.RunAsync();

        Assert.Equal([InstanceIds.Batch("again", newer)], account.Starter.Started);
        Assert.NotNull((await account.RecordAsync(Drop.OfBatch("damaged", "damaged/_READY", damaged))).StartedAt);
    }

    [Fact]
    public async Task A_dataset_whose_content_is_prepared_or_was_replaced_or_withdrawn_is_recorded_and_not_started()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        DateTimeOffset later = DateTimeOffset.UtcNow + Day;
        string prepared = await account.UploadAsync(BlobLayout.Datasets, "prepared.csv");
        string replaced = await account.UploadAsync(BlobLayout.Datasets, "replaced.csv");
        string withdrawn = await account.UploadAsync(BlobLayout.Datasets, "withdrawn/_READY");
        string changed = await account.UploadAsync(BlobLayout.Datasets, "changed.csv");
        await WriteStateAsync(account, new DatasetPathState("prepared.csv", "1", prepared.Trim('"'), later));
        await WriteStateAsync(account, new DatasetPathState("replaced.csv", "3", "0x3", later, Earlier: [new EarlierDataset("2", replaced, later, later)]));
        await WriteStateAsync(account, new DatasetPathState("withdrawn/", Withdrawn: new DatasetWithdrawal(WithdrawalReason.Removed, later, withdrawn)));
        await WriteStateAsync(account, new DatasetPathState("changed.csv", "4", "0x4", later));

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("changed.csv", changed)], account.Starter.Started);
        Assert.NotNull((await account.RecordAsync(Drop.OfDataset("prepared.csv", prepared, null))).StartedAt);
    }

    [Fact]
    public async Task A_sidecar_that_is_newer_than_the_prepared_dataset_starts_it()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        string etag = await account.UploadAsync(BlobLayout.Datasets, "a.csv");
        string sidecar = await account.UploadAsync(BlobLayout.Datasets, "a.csv.keypoints.json");
        await WriteStateAsync(account, new DatasetPathState("a.csv", "1", etag, DateTimeOffset.UtcNow - Day));

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("a.csv", etag, sidecar)], account.Starter.Started);
    }

    [Fact]
    public async Task A_rejection_that_is_newer_than_the_file_is_its_outcome_and_an_older_one_is_not()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        await account.UploadAsync(BlobLayout.Datasets, "bad.csv");
        await account.UploadAsync(BlobLayout.Rejected, "bad.csv.reason.json");
        await account.UploadAsync(BlobLayout.Rejected, "corrected.csv.reason.json");
        await account.LetStorageTimePassAsync(BlobLayout.Rejected, "corrected.csv.reason.json");
        string corrected = await account.UploadAsync(BlobLayout.Datasets, "corrected.csv");

        await account.RunAsync();

        Assert.Equal([InstanceIds.Ingest("corrected.csv", corrected)], account.Starter.Started);
    }

    [Fact]
    public async Task After_the_first_pass_only_the_records_count()
    {
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite);
        await account.RunAsync();
        string etag = await account.UploadAsync(BlobLayout.Images, "people/_READY");
        await WriteSummaryAsync(account, "people", Day);

        await account.RunAsync();

        Assert.Equal([InstanceIds.Batch("people", etag)], account.Starter.Started);
    }

    [Theory]
    [InlineData("0x1", "datasets/a.csv@{0}")]
    [InlineData("\"0x1\"", "datasets/a.csv@{0}")]
    public async Task A_trigger_in_the_journal_of_an_earlier_version_counts_whichever_way_it_spelled_the_ETag(string spelling, string key)
    {
        var earlier = new EarlierJournal();
        ReconciledAccount account = await ReconciledAccount.CreateAsync(azurite, earlier);
        string etag = (await account.UploadAsync(BlobLayout.Datasets, "a.csv")).Trim('"');
        earlier.Keys.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, key, spelling.Replace("0x1", etag, StringComparison.Ordinal)));

        await account.RunAsync();

        Assert.Empty(account.Starter.Started);
        Assert.NotNull((await account.RecordAsync(Drop.OfDataset("a.csv", etag, null))).StartedAt);
    }

    private static Task WriteSummaryAsync(ReconciledAccount account, string batch, TimeSpan afterNow)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow + afterNow;
        var summary = new BatchSummary(batch, "v1", 1, 1, 0, 0, started, started, 0, new KeypointSchema(["nose"], 8, 8));
        return account.Storage.WriteAsync(BlobLayout.Results, $"{batch}/{ResultFiles.Summary}", summary, Cancel);
    }

    private static Task WriteStateAsync(ReconciledAccount account, DatasetPathState state) =>
        account.Storage.WriteAsync(BlobLayout.Prepared, DatasetPaths.BlobOf(state.Path), state, Cancel);

    private sealed class EarlierJournal : IEarlierTriggers
    {
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public Task<bool> HasSeenAsync(string triggerKey, CancellationToken cancellationToken) => Task.FromResult(Keys.Contains(triggerKey));
    }
}
