using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>The steps of a batch of many sections and pages, made small: 45 images in pages of 10 files, chunks of 4 and sections of 16.</summary>
public sealed class LargeBatchTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Batch = "large";
    private const int Images = 45;

    private static readonly BatchShape Small = new(ImagesPerChunk: 4, ChunksPerGroup: 2, GroupsPerSection: 2);
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private static readonly byte[] Picture = TestImages.Encode(40, 30, TestImages.Spot(20, 12, 5), SKEncodedImageFormat.Png);

    private readonly TemporaryFolder _folder = TestFolder.Create("large");
    private PipelineStorage _storage = null!;
    private ModelRegistry _models = null!;
    private ModelCache _cache = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string[] Names => [.. Enumerable.Range(0, Images).Select(n => $"{n:00}.png")];

    [Fact]
    public async Task The_chunks_hold_every_image_once_in_order_wherever_the_pages_end_and_however_often_a_page_is_listed()
    {
        string etag = await DropAsync();

        BatchPlan plan = await PlanAsync(etag);
        for (int page = 0; plan.Next is not null; page++)
        {
            BatchPlan before = plan;
            plan = await ListAsync(before);
            if (page % 2 == 0)
                Assert.Equal(PipelineJson.Write(plan), PipelineJson.Write(await ListAsync(before)));
        }

        Assert.Equal((Images, 12, 4, 3), (plan.Images, plan.Chunks, plan.ChunkSize, plan.Sections));
        Assert.Equal((6, "notes 0.txt"), (plan.PassedOver!.Files, plan.PassedOver.Names[0]));
        var listed = new List<string>();
        for (int chunk = 0; chunk < plan.Chunks; chunk++)
        {
            ListedImage[] images = (await _storage.ReadAsync<ListedImage[]>(BlobLayout.Results, BatchWork.ChunkNames(plan, chunk), Cancel))!.Value;
            Assert.Equal(Math.Min(4, Images - (4 * chunk)), images.Length);
            listed.AddRange(images.Select(image => image.Name));
        }

        Assert.Equal(Names, listed);
    }

    [Fact]
    public async Task A_batch_in_sections_has_the_rows_of_the_same_batch_in_one()
    {
        string etag = await DropAsync();
        await PredictAsync(await PlanAsync(etag, BatchShape.Default));
        string[] csv = await LinesAsync("keypoints.csv");
        string[] jsonLines = await LinesAsync("keypoints.jsonl");
        string[] errors = await LinesAsync("errors.csv");
        List<string> overlays = [.. (await ResultsAsync()).Where(name => name.StartsWith("overlays/", StringComparison.Ordinal))];

        ChunkTotals totals = await PredictAsync(await PlanAsync(etag));

        Assert.Equal(new ChunkTotals(Images - 1, 1), totals);
        var summary = PipelineJson.Read<BatchSummary>(await ReadAsync("summary.json"));
        Assert.Equal([16, 16, 13], summary.Tables!.Select(tables => tables.Images));
        Assert.Equal([0, 1, 0], summary.Tables!.Select(tables => tables.Failed));
        Assert.Equal(csv[1..], await JoinAsync(summary, tables => tables.Csv, headers: 1));
        Assert.Equal(jsonLines, await JoinAsync(summary, tables => tables.JsonLines, headers: 0));
        Assert.Equal(errors[1..], await JoinAsync(summary, tables => tables.Errors, headers: 1));
        Assert.Equal(
            [
                .. Enumerable.Range(0, 3).Select(part => $"coco-{part:00000}.json"), .. Enumerable.Range(0, 3).Select(part => $"errors-{part:00000}.csv"), .. Enumerable.Range(0, 3).SelectMany(part => (string[])[$"keypoints-{part:00000}.csv", $"keypoints-{part:00000}.jsonl"]),
                .. overlays, "report.html", "summary.json",
            ],
            await ResultsAsync());
        Assert.Empty(await WorkAsync());
    }

    [Fact]
    public async Task A_merged_section_keeps_no_work_files_and_can_be_merged_again()
    {
        BatchPlan plan = await PlanAllAsync(await DropAsync());
        await InferAsync(plan, section: 0);

        ChunkTotals first = await MergeSectionAsync(plan, 0);
        string csv = await ReadAsync("keypoints-00000.csv");
        ChunkTotals again = await MergeSectionAsync(plan, 0);

        Assert.Equal((new ChunkTotals(16, 0), first), (first, again));
        Assert.Equal(csv, await ReadAsync("keypoints-00000.csv"));
        Assert.Equal(
            ["claim.json", .. Enumerable.Range(4, 8).Select(chunk => $"names-{chunk:00000}.json"), "part-00000.json"],
            (await WorkAsync()).Select(name => name[(name.LastIndexOf('/') + 1)..]));
    }

    [Fact]
    public async Task A_merge_that_died_before_it_noted_the_section_writes_the_same_tables_again()
    {
        BatchPlan plan = await PlanAllAsync(await DropAsync());
        await InferAsync(plan, section: 1);
        await MergeChunksAsync(plan, section: 1);
        string csv = await ReadAsync("keypoints-00001.csv");

        ChunkTotals totals = await MergeSectionAsync(plan, 1);

        Assert.Equal(new ChunkTotals(15, 1), totals);
        Assert.Equal(csv, await ReadAsync("keypoints-00001.csv"));
    }

    [Fact]
    public async Task An_instance_that_a_newer_drop_overtook_lists_predicts_and_merges_nothing_more()
    {
        BatchPlan half = await ListAsync(await PlanAsync(await DropAsync()));
        BatchPlan older = await ListToTheEndAsync(half);
        await InferAsync(older, section: 0);
        await MergeSectionAsync(older, 0);
        await InferAsync(older, section: 1);

        BatchPlan newer = await PlanAsync(await MarkAsync("00.png"));
        await Assert.ThrowsAsync<PermanentStepException>(() => ListAsync(half));
        await Assert.ThrowsAsync<PermanentStepException>(() => InferAsync(older, section: 2));
        await Assert.ThrowsAsync<PermanentStepException>(() => MergeChunksAsync(older, section: 1, [_ => Task.FromResult<Stream>(new MemoryStream())]));
        await Assert.ThrowsAsync<PermanentStepException>(() => new MergeBatch(_storage, _models, TimeProvider.System).RunAsync(older, Cancel));
        await PredictAsync(newer);

        Assert.Equal(["coco.json", "errors.csv", "keypoints.csv", "keypoints.jsonl", "overlays/000001-00.jpg", "report.html", "summary.json"], await ResultsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_terminated_batch_leaves_no_work_files_and_its_running_steps_write_nothing_more(bool terminatedByEarlierVersion)
    {
        BatchPlan plan = await PlanAllAsync(await DropAsync());
        if (terminatedByEarlierVersion)
            plan = plan with { Shape = null };
        await InferAsync(plan, section: 0);
        var other = new BatchPlan(Batch, "2", "batch-other", "v0", 1, 1, 4, Zip: false, DateTimeOffset.UnixEpoch, Shape: Small);
        await new BatchClaim(_storage, other).TakeAsync(Cancel);
        var terminated = new TerminatedInstance(plan.InstanceId, JsonSerializer.SerializeToElement(new InferBatchInput(Batch, plan.ETag), PipelineJson.Compact));
        var cleanUp = new CleanUpBatch(_storage, TimeProvider.System);

        Assert.True(await cleanUp.RunAsync(terminated, Cancel));

        Assert.Equal(["_work/batch-other/claim.json"], await WorkAsync());
        await Assert.ThrowsAsync<PermanentStepException>(() => InferAsync(plan, section: 0));
        Assert.False(await cleanUp.RunAsync(terminated, Cancel));
        Assert.False(await cleanUp.RunAsync(terminated with { Input = null }, Cancel));
    }

    [Fact]
    public async Task A_folder_without_images_fails_on_its_last_page_with_the_reason()
    {
        for (int n = 0; n < 25; n++)
            await _storage.Blob(BlobLayout.Images, $"{Batch}/{n:00}.txt").UploadAsync(BinaryData.FromBytes([1]), overwrite: true, Cancel);
        BatchPlan plan = await PlanAsync(await MarkAsync());

        plan = await ListAsync(plan);
        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => ListToTheEndAsync(plan));

        Assert.StartsWith("large holds no images, only 00.txt, 01.txt", failure.Message, StringComparison.Ordinal);
        Assert.Contains("and 15 more", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_of_an_earlier_version_is_merged_in_one_and_its_first_list_is_its_claim()
    {
        BatchPlan plan = await PlanAllAsync(await DropAsync()) with { Shape = null };
        await _storage.Blob(BlobLayout.Results, BatchWork.Claim(BatchWork.Folder(plan))).DeleteAsync(cancellationToken: Cancel);

        ChunkTotals totals = await PredictAsync(plan);

        Assert.Equal(new ChunkTotals(Images - 1, 1), totals);
        Assert.Equal(Images + 1, (await LinesAsync("keypoints.csv")).Length);
        Assert.Empty(await WorkAsync());
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _models = new ModelRegistry(_storage, TimeProvider.System);
        _cache = new ModelCache(_models, new WorkFolder(_folder.Path));
        await ModelExamples.PublishChampionAsync(_storage, "v0", Schema, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _cache.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Drops the images, one of which cannot be read, with six other files between them.</summary>
    private async Task<string> DropAsync()
    {
        foreach ((int n, string name) in Names.Index())
            await _storage.Blob(BlobLayout.Images, $"{Batch}/{name}").UploadAsync(BinaryData.FromBytes(n == 20 ? [1] : Picture), overwrite: true, Cancel);
        for (int n = 0; n < 6; n++)
            await _storage.Blob(BlobLayout.Images, $"{Batch}/notes {n}.txt").UploadAsync(BinaryData.FromBytes([1]), overwrite: true, Cancel);
        return await MarkAsync();
    }

    private async Task<string> MarkAsync(params string[] names) =>
        (await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(ReadyList.Write(names), overwrite: true, Cancel)).Value.ETag.ToString();

    private Task<BatchPlan> PlanAsync(string etag, BatchShape? shape = null) =>
        new PlanBatch(_storage, new BatchImages(_storage, filesPerPage: shape is null ? 10 : BatchImages.FilesPerPage), _models, TimeProvider.System, shape ?? Small)
            .RunAsync(new PlanBatchInput(Batch, etag, $"batch-{etag.Trim('"')}", "v0"), Cancel);

    private Task<BatchPlan> ListAsync(BatchPlan plan) => new ListBatchPage(_storage, new BatchImages(_storage, filesPerPage: 10), _models).RunAsync(plan, Cancel);

    private async Task<BatchPlan> ListToTheEndAsync(BatchPlan plan)
    {
        while (plan.Next is not null)
            plan = await ListAsync(plan);
        return plan;
    }

    private async Task<BatchPlan> PlanAllAsync(string etag) => await ListToTheEndAsync(await PlanAsync(etag));

    private async Task InferAsync(BatchPlan plan, int section)
    {
        (int first, int count) = plan.ChunksOf(section);
        for (int chunk = first; chunk < first + count; chunk++)
            await new InferChunk(_storage, new BatchImages(_storage), _cache, new ImageDecoder(), new Finders()).RunAsync(new InferChunkInput(plan, chunk), Cancel);
    }

    private Task<ChunkTotals> MergeSectionAsync(BatchPlan plan, int section) =>
        new MergeSection(_storage, _models, TimeProvider.System).RunAsync(new MergeSectionInput(plan, section), Cancel);

    /// <summary>Writes a section's tables, as a merge does before it notes the section.</summary>
    private async Task MergeChunksAsync(BatchPlan plan, int section, IEnumerable<Func<CancellationToken, Task<Stream>>>? chunks = null)
    {
        var own = new BatchChunks(_storage, _models, plan);
        var store = new BlobResultStore(_storage, $"{Batch}/", new BatchClaim(_storage, plan));
        await new ResultsMerger(store, TimeProvider.System).MergePartAsync(await own.DescribeRunAsync(Cancel), section, chunks ?? own.Of(section), Cancel);
    }

    private async Task<ChunkTotals> PredictAsync(BatchPlan plan)
    {
        plan = await ListToTheEndAsync(plan);
        for (int section = 0; section < plan.Sections; section++)
        {
            await InferAsync(plan, section);
            if (plan.Sections > 1)
                await MergeSectionAsync(plan, section);
        }

        return await new MergeBatch(_storage, _models, TimeProvider.System).RunAsync(plan, Cancel);
    }

    private async Task<string> ReadAsync(string name) => (await _storage.FindContentAsync(BlobLayout.Results, $"{Batch}/{name}", Cancel))!.Content.ToString();

    private async Task<string[]> LinesAsync(string name) => (await ReadAsync(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<List<string>> JoinAsync(BatchSummary summary, Func<ResultTables, string> table, int headers)
    {
        var lines = new List<string>();
        foreach (ResultTables part in summary.Tables!)
            lines.AddRange((await LinesAsync(table(part)))[headers..]);
        return lines;
    }

    private async Task<List<string>> AllAsync() =>
        await _storage.ListAsync(BlobLayout.Results, $"{Batch}/", Cancel).Select(blob => blob.Name[(Batch.Length + 1)..]).ToListAsync(Cancel);

    private async Task<List<string>> ResultsAsync() => [.. (await AllAsync()).Where(name => !name.StartsWith("_work/", StringComparison.Ordinal))];

    private async Task<List<string>> WorkAsync() => [.. (await AllAsync()).Where(name => name.StartsWith("_work/", StringComparison.Ordinal))];
}
