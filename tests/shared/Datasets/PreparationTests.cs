using System.Text.Json;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class PreparationTests
{
    private static readonly byte[] Csv = Packing.Utf8(SmallTable.With(50));

    [Fact]
    public async Task The_manifest_says_what_the_dataset_holds_and_where_it_came_from()
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        DatasetSource source = PreparedForTest.Source(Csv, "faces/training.csv") with { ETag = "\"0x8D\"" };

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(source, folder.Path);

        using PreparedDataset dataset = PreparedDataset.Open(folder.Path);
        Assert.Equal(PipelineJson.Write(outcome.Manifest), PipelineJson.Write(dataset.Manifest));
        Assert.Equal(("faces/training.csv", "\"0x8D\"", PreparedForTest.Now), (dataset.Manifest.Source, dataset.Manifest.SourceETag, dataset.Manifest.PreparedAt));
        Assert.Equal((50, 50), (dataset.Rows, dataset.Manifest.CompleteRows));
        Assert.Equal([50], dataset.Manifest.Labels);
        Assert.Matches("^ds-[0-9a-f]{16}$", dataset.Manifest.DatasetId);
    }

    [Fact]
    public async Task Every_value_arrives_where_it_belongs()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv, "training.csv");

        for (int row = 0; row < 50; row++)
        {
            Assert.Equal(SmallTable.Image(row), string.Join(' ', prepared.Dataset.Image(row).ToArray()));
            Assert.Equal([row % 8, (row + 3) % 8], prepared.Dataset.Keypoints(row).ToArray());
            Assert.Equal((uint)row + 1, prepared.Dataset.SourceRow(row));
        }

        Assert.Equal(50, Enumerable.Range(0, 50).Select(prepared.Dataset.SplitKey).Distinct().Count());
    }

    [Fact]
    public async Task Other_content_is_another_dataset()
    {
        string[] contents =
        [
            SmallTable.With(5),
            SmallTable.With(6),
            SmallTable.With(5).Replace("nose", "chin", StringComparison.Ordinal),
            SmallTable.With(5).Replace("0,3,", "0,4,", StringComparison.Ordinal),
            SmallTable.With(5).Replace(" 37 ", " 38 ", StringComparison.Ordinal),
            SmallTable.With(5).Replace(",Image\n", ",Image,group\n", StringComparison.Ordinal)
                .Replace(" 27\n", " 27,anna\n", StringComparison.Ordinal),
        ];
        var ids = new HashSet<string?>();
        foreach (string content in contents)
        {
            using PreparedForTest prepared = await PreparedForTest.FromAsync(content);
            Assert.Null(prepared.Report.Rejection);
            Assert.True(ids.Add(prepared.Report.DatasetId));
        }
    }

    [Fact]
    public async Task Rows_of_a_group_share_a_split_key_and_rows_without_one_go_by_their_image()
    {
        string csv = "group,nose_x,nose_y,Image\n"
            + $"anna,{SmallTable.Row(1)}\n\"anna\",{SmallTable.Row(2)}\n anna ,{SmallTable.Row(3)}\nben,{SmallTable.Row(4)}\n,{SmallTable.Row(5)}\n,{SmallTable.Row(6)}\n";
        using PreparedForTest grouped = await PreparedForTest.FromAsync(csv);
        using PreparedForTest ungrouped = await PreparedForTest.FromAsync($"{SmallTable.Header}\n{SmallTable.Row(5)}\n");

        ulong[] keys = [.. Enumerable.Range(0, 6).Select(grouped.Dataset.SplitKey)];
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(keys[0], keys[2]);
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(ungrouped.Dataset.SplitKey(0), keys[4]);
    }

    [Fact]
    public async Task Preparing_again_into_the_same_folder_replaces_the_dataset()
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        await PreparedForTest.PrepareAsync(PreparedForTest.Source(Packing.Utf8(SmallTable.With(20)), "a.csv"), folder.Path);

        PreparationOutcome second = await PreparedForTest.PrepareAsync(PreparedForTest.Source(Csv, "a.csv"), folder.Path);
        PreparationOutcome refused = await PreparedForTest.PrepareAsync(PreparedForTest.Source([1, 2], "b.csv"), folder.Path);

        using PreparedDataset dataset = PreparedDataset.Open(folder.Path);
        Assert.False(refused.Accepted);
        Assert.Equal(second.Manifest!.DatasetId, dataset.Manifest.DatasetId);
        Assert.Equal(6, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("training.csv")]
    [InlineData("training.csv.gz")]
    public async Task A_failed_read_is_an_exception_and_leaves_nothing_behind(string name)
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        byte[] content = name.EndsWith(".gz", StringComparison.Ordinal) ? Packing.Gzip(Csv) : Csv;
        var source = new DatasetSource(name, _ => Task.FromResult<Stream>(new ForwardStream(content, failAt: content.Length / 2)));

        IOException error = await Assert.ThrowsAsync<IOException>(() => PreparedForTest.PrepareAsync(source, folder.Path));

        Assert.Equal("The connection was reset.", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("training.csv")]
    [InlineData("training.csv.gz")]
    [InlineData("training.zip")]
    public async Task A_source_that_ends_before_its_length_is_a_failed_read_not_a_short_file(string name)
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        byte[] whole = name.EndsWith(".gz", StringComparison.Ordinal) ? Packing.Gzip(Csv)
            : name.EndsWith(".zip", StringComparison.Ordinal) ? Packing.Zip(("a.csv", Csv))
            : Csv;
        DatasetSource source = PreparedForTest.Source(whole[..(whole.Length / 2)], name) with { Length = whole.Length };

        await Assert.ThrowsAnyAsync<IOException>(() => PreparedForTest.PrepareAsync(source, folder.Path));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Cancelling_leaves_nothing_behind()
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        using var cancellation = new CancellationTokenSource();
        byte[] content = Packing.Utf8(SmallTable.With(20_000));
        var source = new DatasetSource("a.csv", _ => Task.FromResult<Stream>(new ForwardStream(content)));
        var progress = new SynchronousProgress(p => cancellation.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DatasetPreparation(TimeProvider.System)
            .PrepareAsync(source, new PreparedFolder(folder.Path), new DatasetOptions(), progress, cancellation.Token));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Progress_tells_bytes_and_rows()
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        byte[] content = Packing.Utf8(SmallTable.With(1_000));
        var reports = new List<PreparationProgress>();

        await new DatasetPreparation(TimeProvider.System).PrepareAsync(
            PreparedForTest.Source(content, "a.csv"), new PreparedFolder(folder.Path), new DatasetOptions(), new SynchronousProgress(reports.Add), CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 10).Select(i => i * 100L), reports.Select(r => r.Rows));
        Assert.All(reports, r => Assert.Equal(content.Length, r.TotalBytes));
        Assert.All(reports, r => Assert.InRange(r.BytesRead, 1, content.Length));
    }

    [Fact]
    public async Task A_report_survives_json()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(20, "x,1,2"));

        string json = JsonSerializer.Serialize(prepared.Report, PipelineJson.Indented);
        DatasetReport read = PipelineJson.Read<DatasetReport>(json);

        Assert.Equal(PipelineJson.Write(prepared.Report), PipelineJson.Write(read));
        Assert.Equal(prepared.Report.Problems, read.Problems);
        Assert.Contains("\"kind\": \"notANumber\"", json, StringComparison.Ordinal);
    }

    private sealed class SynchronousProgress(Action<PreparationProgress> report) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value) => report(value);
    }
}
