using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Results;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>The steps of a batch, with each of their requests disturbed in turn (<see cref="FaultSweep"/>).</summary>
public sealed class BatchFaultTests(AzuriteFixture azurite)
{
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_dropped_images_to_results_no_failed_request_changes_anything(bool zip)
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        await ModelExamples.PublishChampionAsync(sweep.Storage, "v0", Schema, Cancel);
        string etag = await DropImagesAsync(sweep, zip);
        await sweep.UploadAsync(BlobLayout.Results, "people/summary.json", "{}"u8.ToArray());

        BatchPlan plan = await sweep.RunAsync<PlanBatch, PlanBatchInput, BatchPlan>(new PlanBatchInput("people", etag, "batch-1", "v0"));
        Assert.Equal((5, 1, zip), (plan.Images, plan.Chunks, plan.Zip));
        ChunkTotals chunk = await sweep.RunAsync<InferChunk, InferChunkInput, ChunkTotals>(new InferChunkInput(plan, 0));
        Assert.Equal(new ChunkTotals(4, 1), chunk);
        Assert.Equal(chunk, await sweep.RunAsync<MergeBatch, BatchPlan, ChunkTotals>(plan));
        Assert.Equal(chunk, await sweep.RunAsync<MergeBatch, BatchPlan, ChunkTotals>(plan));
    }

    [Fact]
    public async Task A_batch_in_sections_is_listed_and_merged_the_same_whatever_request_fails()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        await ModelExamples.PublishChampionAsync(sweep.Storage, "v0", Schema, Cancel);
        await DropImagesAsync(sweep, zip: false);
        string etag = (await sweep.Storage.FindETagAsync(BlobLayout.Images, $"people/{BlobLayout.ReadyMarker}", Cancel)).ToString()!;
        var first = new BatchPlan(
            "people", etag, "batch-1", "v0", 0, 0, ChunkSize: 2, Zip: false, FaultSweep.Now, Next: "", Shape: new BatchShape(2, 1, 1));
        await new BatchClaim(sweep.Storage, first).TakeAsync(Cancel);

        // The first page of a listing is also where its continuation with an empty token begins.
        BatchPlan plan = await sweep.RunAsync<ListBatchPage, BatchPlan, BatchPlan>(first);
        Assert.Equal((5, 3, 3), (plan.Images, plan.Chunks, plan.Sections));
        var totals = new ChunkTotals(0, 0);
        for (int section = 0; section < plan.Sections; section++)
        {
            await sweep.RunAsync<InferChunk, InferChunkInput, ChunkTotals>(new InferChunkInput(plan, section));
            totals += await sweep.RunAsync<MergeSection, MergeSectionInput, ChunkTotals>(new MergeSectionInput(plan, section));
        }

        Assert.Equal(new ChunkTotals(4, 1), totals);
        Assert.Equal(totals, await sweep.RunAsync<MergeBatch, BatchPlan, ChunkTotals>(plan));
    }

    private static async Task<string> DropImagesAsync(FaultSweep sweep, bool zip)
    {
        (string Name, byte[] Content)[] images =
        [
            .. Enumerable.Range(0, 4).Select(i => (
                $"face {i}.png", TestImages.Encode(40, 30, TestImages.Spot(10 + (4 * i), 12, 5), SKEncodedImageFormat.Png))),
            ("no image.png", "x"u8.ToArray()),
        ];
        if (zip)
            return await sweep.UploadAsync(BlobLayout.Images, "people.zip", Packing.Zip(images));
        foreach ((string name, byte[] content) in images)
            await sweep.UploadAsync(BlobLayout.Images, $"people/{name}", content);
        return await sweep.UploadAsync(BlobLayout.Images, $"people/{BlobLayout.ReadyMarker}", []);
    }
}
