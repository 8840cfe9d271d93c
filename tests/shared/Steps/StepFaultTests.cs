using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps;

/// <summary>Every step that writes, with each of its requests disturbed in turn (<see cref="FaultSweep"/>).</summary>
public sealed class StepFaultTests(AzuriteFixture azurite)
{
    private const string RunId = "run-1";
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_dropped_dataset_to_the_champion_no_failed_request_changes_anything()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        string etag = await UploadAsync(sweep, BlobLayout.Datasets, "training.zip", Packing.Zip(("training.csv", Packing.Utf8(SmallTable.With(60)))));
        await ModelExamples.PublishChampionAsync(sweep.Storage, "v0", Schema, Cancel);

        PrepareDatasetOutput prepared = await sweep.RunAsync<PrepareDataset, PrepareDatasetInput, PrepareDatasetOutput>(
            new PrepareDatasetInput("training.zip", etag));
        Assert.Equal((60, null), (prepared.RowsAccepted, prepared.Reason));
        Assert.Equal(RunId, await sweep.RunAsync<AcquireTrainingSlot, string, string>(RunId));
        TrainingPlan plan = await sweep.RunAsync<PlanTraining, PlanTrainingInput, TrainingPlan>(
            new PlanTrainingInput(RunId, prepared.DatasetId, Force: false, Settings: null));
        Assert.Null(plan.SkipReason);
        await TrainAsync(sweep);
        ModelComparison comparison = await sweep.RunAsync<EvaluateCandidate, string, ModelComparison>(RunId);
        Assert.Equal("v0", comparison.ChampionVersion);
        PublishedModel published = await sweep.RunAsync<PublishModel, PublishModelInput, PublishedModel>(
            new PublishModelInput(RunId, FaultSweep.Now, comparison));
        PromotionDecision decision = await sweep.RunAsync<PromoteModel, PromoteModelInput, PromotionDecision>(
            new PromoteModelInput(published.Version, comparison with { CandidateRmse = 1, ChampionRmse = 2 }));
        Assert.True(decision.Promote, decision.Reason);
        Assert.True(await sweep.RunAsync<ReleaseTrainingSlot, string, bool>(RunId));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_kept_whatever_request_fails()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        string etag = await UploadAsync(sweep, BlobLayout.Datasets, "sub/bad.csv", Packing.Utf8("nose_x,nose_y\n1,2\n"));

        PrepareDatasetOutput refused = await sweep.RunAsync<PrepareDataset, PrepareDatasetInput, PrepareDatasetOutput>(
            new PrepareDatasetInput("sub/bad.csv", etag));

        Assert.Null(refused.DatasetId);
        Assert.Contains("Image", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_dropped_images_to_results_no_failed_request_changes_anything(bool zip)
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        await ModelExamples.PublishChampionAsync(sweep.Storage, "v0", Schema, Cancel);
        string etag = await DropImagesAsync(sweep, zip);
        await UploadAsync(sweep, BlobLayout.Results, "people/summary.json", "{}"u8.ToArray());

        BatchPlan plan = await sweep.RunAsync<PlanBatch, PlanBatchInput, BatchPlan>(new PlanBatchInput("people", etag, "batch-1", "v0"));
        Assert.Equal((5, 1, zip), (plan.Images, plan.Chunks, plan.Zip));
        ChunkTotals chunk = await sweep.RunAsync<InferChunk, InferChunkInput, ChunkTotals>(new InferChunkInput(plan, 0));
        Assert.Equal(new ChunkTotals(4, 1), chunk);
        Assert.Equal(chunk, await sweep.RunAsync<MergeBatch, BatchPlan, ChunkTotals>(plan));
        Assert.Equal(chunk, await sweep.RunAsync<MergeBatch, BatchPlan, ChunkTotals>(plan));
    }

    private static async Task<string> UploadAsync(FaultSweep sweep, string container, string name, byte[] content)
    {
        BlobContentInfo uploaded = await sweep.Storage.Blob(container, name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        return uploaded.ETag.ToString();
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
            return await UploadAsync(sweep, BlobLayout.Images, "people.zip", Packing.Zip(images));
        foreach ((string name, byte[] content) in images)
            await UploadAsync(sweep, BlobLayout.Images, $"people/{name}", content);
        return await UploadAsync(sweep, BlobLayout.Images, $"people/{BlobLayout.ReadyMarker}", []);
    }

    /// <summary>Writes what a trainer leaves.</summary>
    private static async Task TrainAsync(FaultSweep sweep)
    {
        byte[] model = TinyOnnxModel.Centroid(Schema);
        await UploadAsync(sweep, BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Model}", model);
        TrainingResult result = ModelExamples.Manifest("v1", model, schema: Schema).Training with { RunId = RunId };
        await sweep.Storage.WriteAsync(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Result}", result, Cancel);
    }
}
