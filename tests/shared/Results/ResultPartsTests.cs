using System.Text.Json;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

/// <summary>Results whose tables are in parts, against those of the same images in one set of tables.</summary>
public sealed class ResultPartsTests : IDisposable
{
    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 16, 16);
    private static readonly BatchRun Run = new("holiday", "20261123-1", Schema, DateTimeOffset.UnixEpoch, LabelGaps.None);

    private readonly TemporaryFolder _folder = TestFolder.Create("parts");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_parts_of_a_table_are_the_table_cut_between_images_each_with_its_header()
    {
        ImageResult[] images = Images(23);
        await MergeAsync(Folder("whole"), images, mostRows: 100);
        BatchSummary summary = await MergeAsync(Folder("parts"), images, mostRows: 10);

        Assert.Equal(
            [
                new ResultTables("keypoints-00000.csv", "keypoints-00000.jsonl", "errors-00000.csv", 10, 2, "coco-00000.json"),
                new ResultTables("keypoints-00001.csv", "keypoints-00001.jsonl", "errors-00001.csv", 10, 1, "coco-00001.json"),
                new ResultTables("keypoints-00002.csv", "keypoints-00002.jsonl", "errors-00002.csv", 3, 1, "coco-00002.json"),
            ],
            summary.Tables!);
        Assert.Equal((23, 19, 4), (summary.Images, summary.Succeeded, summary.Failed));
        string[] csv = await LinesAsync("whole", ResultFiles.Csv);
        string[] errors = await LinesAsync("whole", ResultFiles.Errors);
        Assert.Equal(csv[1..], await JoinAsync(summary, tables => tables.Csv, csv[0]));
        Assert.Equal(errors[1..], await JoinAsync(summary, tables => tables.Errors, errors[0]));
        Assert.Equal(await LinesAsync("whole", ResultFiles.JsonLines), await JoinAsync(summary, tables => tables.JsonLines, header: null));
        Assert.Equal(await LinesAsync("whole", ResultFiles.LabelNext), await LinesAsync("parts", ResultFiles.LabelNext));
    }

    [Fact]
    public async Task The_summary_and_the_report_name_the_parts_and_show_the_same_images()
    {
        ImageResult[] images = Images(23);
        await MergeAsync(Folder("whole"), images, mostRows: 100);
        BatchSummary summary = await MergeAsync(Folder("parts"), images, mostRows: 10);

        var read = PipelineJson.Read<BatchSummary>(await File.ReadAllTextAsync(Path.Combine(Folder("parts"), ResultFiles.Summary), Cancel));
        Assert.Equal(summary.Tables!, read.Tables!);
        string whole = await File.ReadAllTextAsync(Path.Combine(Folder("whole"), ResultFiles.Report), Cancel);
        string parts = await File.ReadAllTextAsync(Path.Combine(Folder("parts"), ResultFiles.Report), Cancel);
        Assert.Contains("<a href=\"keypoints-00000.csv\">keypoints-00000.csv</a> to <a href=\"keypoints-00002.csv\">", parts, StringComparison.Ordinal);
        Assert.Contains("These tables have 3 parts; <a href=\"summary.json\">", parts, StringComparison.Ordinal);
        Assert.Equal(Rows(whole), Rows(parts));
        Assert.Null(PipelineJson.Read<BatchSummary>(await File.ReadAllTextAsync(Path.Combine(Folder("whole"), ResultFiles.Summary), Cancel)).Tables);
    }

    [Theory]
    [InlineData(9, 100)]
    [InlineData(23, 5)]
    [InlineData(8, 4)]
    public async Task A_folder_never_keeps_tables_of_an_earlier_prediction(int images, int mostRows)
    {
        await MergeAsync(Folder("results"), Images(23), mostRows: 10);
        await File.WriteAllTextAsync(Path.Combine(Folder("results"), "keypoints-mine.csv"), "mine", Cancel);

        BatchSummary summary = await MergeAsync(Folder("results"), Images(images), mostRows);

        string[] tables = [.. Directory.EnumerateFiles(Folder("results")).Select(file => Path.GetFileName(file)).Where(ResultFiles.IsTable).Order(StringComparer.Ordinal)];
        string[] own = summary.Tables is null
            ? [ResultFiles.Coco, ResultFiles.Errors, ResultFiles.Csv, ResultFiles.JsonLines]
            : [.. summary.Tables.SelectMany(part => (string[])[part.Csv, part.JsonLines, part.Errors, part.Coco!]).Order(StringComparer.Ordinal)];
        Assert.Equal(own, tables);
        Assert.True(File.Exists(Path.Combine(Folder("results"), "keypoints-mine.csv")));
    }

    [Theory]
    [InlineData("keypoints.csv", true)]
    [InlineData("keypoints-00000.csv", true)]
    [InlineData("keypoints-123456.jsonl", true)]
    [InlineData("errors-00007.csv", true)]
    [InlineData("coco.json", true)]
    [InlineData("coco-00001.json", true)]
    [InlineData("keypoints-0.csv", false)]
    [InlineData("keypoints-000000.csv", false)]
    [InlineData("keypoints--0001.csv", false)]
    [InlineData("keypoints-.csv", false)]
    [InlineData("keypoints-00000.csv.bak", false)]
    [InlineData("label-next.csv", false)]
    public void Names_of_tables_and_their_parts_are_told_from_others(string name, bool isTable) => Assert.Equal(isTable, ResultFiles.IsTable(name));

    public void Dispose() => _folder.Dispose();

    private static ImageResult[] Images(int count) =>
    [
        .. Enumerable.Range(0, count).Select(n => n % 6 == 2
            ? new ImageResult($"{n}.png", null, null, null, "The file is empty.")
            : new ImageResult($"{n}.png", 40, 30, [n, 2, 3.5, 4, null, null], null, [n % 5, 2, null])),
    ];

    private static string[] Rows(string report) => [.. report.Split("<tr><td>")[1..].Select(row => row.Split("</tr>")[0])];

    private string Folder(string name) => _folder.File(name);

    private Task<string[]> LinesAsync(string folder, string file) => File.ReadAllLinesAsync(Path.Combine(Folder(folder), file), Cancel);

    private async Task<List<string>> JoinAsync(BatchSummary summary, Func<ResultTables, string> table, string? header)
    {
        var lines = new List<string>();
        foreach (ResultTables part in summary.Tables!)
        {
            string[] own = await LinesAsync("parts", table(part));
            Assert.Equal(header ?? own[0], own[0]);
            lines.AddRange(header is null ? own : own[1..]);
        }

        return lines;
    }

    /// <summary>Merges as <see cref="FolderPrediction"/> does.</summary>
    private static async Task<BatchSummary> MergeAsync(string folder, ImageResult[] images, int mostRows)
    {
        var store = new FolderResultStore(folder);
        var merger = new ResultsMerger(store, new FakeTimeProvider());
        var parts = new List<ResultPart>();
        foreach ((int number, ImageResult[] some) in images.Chunk(mostRows).Index())
        {
            byte[] chunk = [.. some.SelectMany(image => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(new ChunkLine(image, null, null), PipelineJson.Compact), (byte)'\n'])];
            parts.Add(await merger.MergePartAsync(
                Run, images.Length > mostRows ? number : null, [_ => Task.FromResult<Stream>(new MemoryStream(chunk))], Cancel));
        }

        store.DeleteOtherTables([.. parts.SelectMany(part => ResultFiles.TablesOf(part.Number))]);
        return await merger.FinishAsync(Run, parts.ToAsyncEnumerable(), Cancel);
    }
}
