using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>A batch contains what was dropped this time, and what an earlier drop of its name still writes does not mix with it.</summary>
public sealed class DroppedAgainTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Batch = "week";
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private static readonly byte[] Picture = TestImages.Encode(40, 30, TestImages.Spot(20, 12, 5), SKEncodedImageFormat.Png);

    private readonly TemporaryFolder _folder = TestFolder.Create("again");
    private PipelineStorage _storage = null!;
    private BatchImages _images = null!;
    private ModelRegistry _models = null!;
    private ModelCache _cache = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_listed_images_are_predicted_and_a_listed_image_that_is_missing_is_an_error_row()
    {
        await UploadAsync("a.png", "b.png", "sub/c.png");
        string etag = await MarkAsync("sub/c.png", "gone.png", "b.png", "README.txt");

        BatchPlan plan = await PlanAsync(etag);
        await InferAsync(plan);
        ChunkTotals totals = await MergeAsync(plan);

        Assert.Equal(new ChunkTotals(2, 1), totals);
        Assert.Equal(3, plan.Images);
        Assert.Equal(
            "image,reason\r\ngone.png,\"The file is not in storage: it was deleted after it was dropped, or never uploaded. Drop it again.\"\r\n".ReplaceLineEndings(),
            (await ReadAsync("errors.csv")).ReplaceLineEndings());
        Assert.Equal(["b.png", "gone.png", "sub/c.png"], [.. (await ReadAsync("keypoints.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')[0])]);
    }

    [Fact]
    public async Task An_empty_marker_still_stands_for_every_image()
    {
        await UploadAsync("a.png", "b.png");
        Assert.Equal(2, (await PlanAsync(await MarkAsync())).Images);
    }

    [Fact]
    public async Task A_marker_that_cannot_be_read_fails_the_batch_with_the_reason()
    {
        await UploadAsync("a.png");
        await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(BinaryData.FromBytes([0xFC, 0x0A]), overwrite: true, Cancel);
        string etag = (await _storage.FindETagAsync(BlobLayout.Images, BatchDrop.Marker(Batch), Cancel)).ToString()!;

        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(etag));

        Assert.StartsWith("images/week/_READY is no text in UTF-8.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_a_newer_drop_overtook_writes_nothing_more_and_the_newer_results_are_as_if_it_never_ran()
    {
        await UploadAsync("a.png", "b.png", "c.png");
        BatchPlan older = await PlanAsync(await MarkAsync("a.png", "b.png", "c.png"));
        await InferAsync(older);

        BatchPlan newer = await PlanAsync(await MarkAsync("a.png"));
        var chunk = await Assert.ThrowsAsync<PermanentStepException>(() => InferAsync(older));
        var merge = await Assert.ThrowsAsync<PermanentStepException>(() => MergeAsync(older));
        await InferAsync(newer);
        Assert.Equal(new ChunkTotals(1, 0), await MergeAsync(newer));
        await Assert.ThrowsAsync<PermanentStepException>(() => MergeAsync(older));

        Assert.Contains("was dropped again", chunk.Message, StringComparison.Ordinal);
        Assert.Contains("was dropped again", merge.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["coco.json", "errors.csv", "keypoints.csv", "keypoints.jsonl", "overlays/000001-a.jpg", "report.html", "summary.json"], await ResultsAsync());
        Assert.Equal(2, (await ReadAsync("keypoints.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task An_overlay_of_an_overtaken_instance_is_not_written()
    {
        await UploadAsync("a.png");
        BatchPlan older = await PlanAsync(await MarkAsync("a.png"));
        var late = new BlobResultStore(_storage, $"{Batch}/", new BatchClaim(_storage, older));
        await late.WriteAsync("overlays/000001-a.jpg", Picture, Cancel);
        Assert.Equal(["overlays/000001-a.jpg"], await ResultsAsync());

        BatchPlan newer = await PlanAsync(await MarkAsync("a.png", "b.png"));
        await Assert.ThrowsAsync<PermanentStepException>(() => late.WriteAsync("overlays/000001-a.jpg", Picture, Cancel));

        Assert.Empty(await ResultsAsync());
        Assert.True(await new BatchClaim(_storage, newer).HoldsAsync(Cancel));
    }

    [Fact]
    public async Task An_overlay_that_is_written_while_a_newer_drop_is_planned_is_deleted_again()
    {
        await using ReplacedInput input = await ReplacedInput.StartAsync(azurite);
        string results = BlobLayout.Results;
        var plan = new BatchPlan(Batch, "1", "batch-1", "v0", 1, 1, 32, Zip: false, DateTimeOffset.UnixEpoch);
        await input.UploadAsync(results, BatchWork.ChunkNames(plan, 0), "[]"u8.ToArray());
        PipelineStorage storage = input.OpenStorage();
        // As planning a newer drop does, between the check before the write and the check after it.
        input.DeleteBeforeWriting($"{Batch}/overlays/000001-a.jpg", results, BatchWork.ChunkNames(plan, 0));

        await Assert.ThrowsAsync<PermanentStepException>(
            () => new BlobResultStore(storage, $"{Batch}/", new BatchClaim(storage, plan)).WriteAsync("overlays/000001-a.jpg", Picture, Cancel));

        Assert.Empty(await input.NamesAsync(results));
    }

    [Fact]
    public async Task A_finished_instance_keeps_its_claim_so_that_a_repeated_merge_deletes_nothing()
    {
        await UploadAsync("a.png");
        BatchPlan plan = await PlanAsync(await MarkAsync("a.png"));
        await InferAsync(plan);
        await MergeAsync(plan);
        List<string> results = await ResultsAsync();

        await new BlobResultStore(_storage, $"{Batch}/", new BatchClaim(_storage, plan)).WriteAsync("keypoints.csv", Picture, Cancel);

        Assert.Equal(results, await ResultsAsync());
        Assert.Equal(new ChunkTotals(1, 0), await MergeAsync(plan));
    }

    [Fact]
    public async Task An_image_that_was_uploaded_after_the_batch_was_listed_is_not_mixed_in()
    {
        await UploadAsync("a.png");
        BatchPlan plan = await PlanAsync(await MarkAsync("a.png"));
        DateTimeOffset uploaded = (await _storage.FindPropertiesAsync(BlobLayout.Images, $"{Batch}/a.png", Cancel))!.LastModified;

        using (BatchImageSet then = await _images.OpenAsync(plan, [new("a.png")], listedAt: uploaded, Cancel))
        await using (Stream image = await then.Images[0].OpenAsync(Cancel))
            Assert.Equal(Picture[0], image.ReadByte());
        using BatchImageSet before = await _images.OpenAsync(plan, [new("a.png")], listedAt: uploaded.AddSeconds(-1), Cancel);
        var refusal = await Assert.ThrowsAsync<ImageRejectedException>(() => before.Images[0].OpenAsync(Cancel));

        Assert.Equal("The file was uploaded after the set was listed, so it belongs to the next drop. Drop it again.", refusal.Message);
    }

    [Fact]
    public async Task Of_a_folder_and_a_zip_of_one_name_the_later_drop_is_the_batch()
    {
        await UploadAsync("a.png", "b.png");
        string marker = await MarkAsync("a.png", "b.png");
        DateTimeOffset marked = (await _storage.FindPropertiesAsync(BlobLayout.Images, BatchDrop.Marker(Batch), Cancel))!.LastModified;
        string zip = await LaterAsync(marked, () => _storage.Blob(BlobLayout.Images, BatchName.Zip(Batch)).UploadAsync(
            BinaryData.FromBytes(Packing.Zip(("z.png", Picture))), overwrite: true, Cancel), BatchName.Zip(Batch));

        var refusal = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(marker));
        BatchPlan plan = await PlanAsync(zip);

        Assert.Contains("was dropped again", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((1, true), (plan.Images, plan.Zip));
        Assert.True(Assert.Single(await BatchDrop.FindLatestAsync(_storage, Batch, Cancel)).IsZip);
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var work = new WorkFolder(_folder.Path);
        _images = new BatchImages(_storage);
        _models = new ModelRegistry(_storage, TimeProvider.System);
        _cache = new ModelCache(_models, work);
        await ModelExamples.PublishChampionAsync(_storage, "v0", Schema, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _cache.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Uploads until the blob's time is a later second.</summary>
    private async Task<string> LaterAsync(DateTimeOffset than, Func<Task> upload, string blob)
    {
        while (true)
        {
            await upload();
            var properties = (await _storage.FindPropertiesAsync(BlobLayout.Images, blob, Cancel))!;
            if (properties.LastModified > than)
                return properties.ETag.ToString();
            await Task.Delay(100, Cancel);
        }
    }

    private async Task UploadAsync(params string[] names)
    {
        foreach (string name in names)
            await _storage.Blob(BlobLayout.Images, $"{Batch}/{name}").UploadAsync(BinaryData.FromBytes(Picture), overwrite: true, Cancel);
    }

    private async Task<string> MarkAsync(params string[] names) =>
        (await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(ReadyList.Write(names), overwrite: true, Cancel)).Value.ETag.ToString();

    private Task<BatchPlan> PlanAsync(string etag) => new PlanBatch(_storage, _images, _models, TimeProvider.System)
        .RunAsync(new PlanBatchInput(Batch, etag, $"batch-{etag.Trim('"')}", "v0"), Cancel);

    private Task<ChunkTotals> InferAsync(BatchPlan plan) =>
        new InferChunk(_storage, _images, _cache, new ImageDecoder(), new Finders()).RunAsync(new InferChunkInput(plan, 0), Cancel);

    private Task<ChunkTotals> MergeAsync(BatchPlan plan) => new MergeBatch(_storage, _models, TimeProvider.System).RunAsync(plan, Cancel);

    private async Task<string> ReadAsync(string name) =>
        (await _storage.FindContentAsync(BlobLayout.Results, $"{Batch}/{name}", Cancel))!.Content.ToString();

    private async Task<List<string>> ResultsAsync() =>
        await _storage.ListAsync(BlobLayout.Results, $"{Batch}/", Cancel).Select(blob => blob.Name[(Batch.Length + 1)..])
            .Where(name => !name.StartsWith("_work/", StringComparison.Ordinal)).ToListAsync(Cancel);
}
