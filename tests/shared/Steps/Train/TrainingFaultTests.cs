using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

/// <summary>The steps of a training, with each of their requests disturbed in turn (<see cref="FaultSweep"/>).</summary>
public sealed class TrainingFaultTests(AzuriteFixture azurite)
{
    private const string RunId = "run-1";
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_dropped_dataset_to_the_champion_no_failed_request_changes_anything()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        string etag = await sweep.UploadAsync(BlobLayout.Datasets, "training.zip", Packing.Zip(("training.csv", Packing.Utf8(SmallTable.With(60)))));
        await ModelExamples.PublishChampionAsync(sweep.Storage, "v0", Schema, Cancel);

        PrepareDatasetOutput prepared = await sweep.RunAsync<PrepareDataset, PrepareDatasetInput, PrepareDatasetOutput>(
            new PrepareDatasetInput("training.zip", etag));
        Assert.Equal((60, null), (prepared.RowsAccepted, prepared.Reason));
        Assert.Equal(new TrainingTurn(RunId), await sweep.RunAsync<AcquireTrainingSlot, string, TrainingTurn>(RunId));
        TrainingPlan plan = await sweep.RunAsync<PlanTraining, PlanTrainingInput, TrainingPlan>(
            new PlanTrainingInput(RunId, prepared.DatasetId, Force: false, Settings: null));
        Assert.Null(plan.SkipReason);
        await TrainAsync(sweep);
        ModelComparison comparison = await sweep.RunAsync<EvaluateCandidate, string, ModelComparison>(RunId);
        Assert.Equal("v0", comparison.ChampionVersion);
        PublishedModel published = await sweep.RunAsync<PublishModel, PublishModelInput, PublishedModel>(
            new PublishModelInput(RunId, FaultSweep.Now, comparison));
        PromotionDecision decision = await sweep.RunAsync<PromoteModel, PromoteModelInput, PromotionDecision>(
            new PromoteModelInput(published.Version, comparison with { CandidateRmse = 1, ChampionRmse = 2, TestRows = 40, TestComponents = 40, Ratio = new ErrorRatio(0.5, 0.4, 0.6) }));
        Assert.True(decision.Promote, decision.Reason);
        Assert.True(await sweep.RunAsync<ReleaseTrainingSlot, string, bool>(RunId));
    }

    /// <summary>Writes the files of a trainer that has finished.</summary>
    private static async Task TrainAsync(FaultSweep sweep)
    {
        byte[] model = TinyOnnxModel.Centroid(Schema);
        await sweep.UploadAsync(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Model}", model);
        TrainingResult result = ModelExamples.Manifest("v1", model, schema: Schema).Training with { RunId = RunId };
        await sweep.Storage.WriteAsync(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Result}", result, Cancel);
    }
}
