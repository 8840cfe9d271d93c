using KeypointPipeline.Datasets;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

public sealed class PlanTrainingTests(AzuriteFixture azurite)
{
    private static readonly KeypointSchema OtherSchema = new(["paw"], 64, 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_dataset_is_trained_on_with_all_accepted_ones_of_its_schema()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await AcceptAsync(storage, "ds-b", ModelExamples.Schema);
        await AcceptAsync(storage, "ds-a", ModelExamples.Schema);
        await AcceptAsync(storage, "ds-paws", OtherSchema);

        TrainingPlan plan = await PlanAsync(storage, new PlanTrainingInput("run", "ds-a", Force: false, Settings: null));

        Assert.Null(plan.SkipReason);
        TrainingRequest request = await new TrainingRunStore(storage).GetRequestAsync("run", Cancel);
        Assert.Equal(["ds-a", "ds-b"], request.DatasetIds);
        Assert.Equal(ModelExamples.Schema, request.Schema);
        Assert.Equal(new TrainingSettings(Epochs: 7), request.Settings);
    }

    [Fact]
    public async Task Datasets_of_several_framings_and_frames_train_together_and_the_plan_says_so()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        KeypointSchema own = ModelExamples.Schema;
        var larger = new KeypointSchema(own.Names, own.FrameWidth * 2, own.FrameHeight);
        var framing = new Framing(FramingKind.Box, 1.2);
        await PlannedTraining.AcceptAsync(storage, "ds-a", own, DateTimeOffset.UnixEpoch);
        await PlannedTraining.AcceptAsync(storage, "ds-b", larger, DateTimeOffset.UnixEpoch.AddDays(1), framing);
        await PlannedTraining.AcceptAsync(storage, "ds-c", own, DateTimeOffset.UnixEpoch.AddDays(2), framing);

        TrainingPlan plan = await PlanAsync(storage, new PlanTrainingInput("run", "ds-a", Force: false, Settings: null));

        TrainingRequest request = await new TrainingRunStore(storage).GetRequestAsync("run", Cancel);
        Assert.Equal(["ds-a", "ds-b", "ds-c"], request.DatasetIds);
        Assert.Equal(own, request.Schema);
        Assert.Equal(framing, request.Framing);
        Assert.Equal(
            "The datasets have several framings: 20 rows by the box, enlarged by 1.2; 10 rows as given. The model frames by the box, enlarged by 1.2.",
            plan.Rows!.Framings);
        Assert.EndsWith(plan.Rows.Framings, plan.Rows.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_new_is_not_trained_on_again_unless_forced_or_with_other_settings()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await AcceptAsync(storage, "ds-a", ModelExamples.Schema);
        await PublishAsync(storage, PreparedDatasetStore.Fingerprint(["ds-a"]));

        TrainingPlan again = await PlanAsync(storage, new PlanTrainingInput("run1", null, Force: false, new TrainingSettings()));
        TrainingPlan forced = await PlanAsync(storage, new PlanTrainingInput("run2", null, Force: true, new TrainingSettings()));
        TrainingPlan other = await PlanAsync(storage, new PlanTrainingInput("run3", null, Force: false, new TrainingSettings(Seed: 2)));

        Assert.Contains("v1", again.SkipReason, StringComparison.Ordinal);
        Assert.Null(forced.SkipReason);
        Assert.Null(other.SkipReason);
    }

    [Fact]
    public async Task Planning_twice_keeps_the_first_plan_though_data_arrived_in_between()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await AcceptAsync(storage, "ds-a", ModelExamples.Schema);
        await PlanAsync(storage, new PlanTrainingInput("run", "ds-a", Force: false, Settings: null));
        await AcceptAsync(storage, "ds-b", ModelExamples.Schema);

        await PlanAsync(storage, new PlanTrainingInput("run", "ds-a", Force: false, Settings: null));

        Assert.Equal(["ds-a"], (await new TrainingRunStore(storage).GetRequestAsync("run", Cancel)).DatasetIds);
    }

    [Fact]
    public async Task Without_any_dataset_the_reason_says_what_to_do()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;

        TrainingPlan plan = await PlanAsync(storage, new PlanTrainingInput("run", null, Force: true, Settings: null));

        Assert.Contains("drop a labelled CSV", plan.SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_withdrawn_dataset_is_not_trained_on_and_its_own_training_is_skipped()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await AcceptAsync(storage, "ds-a", ModelExamples.Schema);
        await AcceptAsync(storage, "ds-b", ModelExamples.Schema);
        await PathsOf(storage).WithdrawAsync("ds-a.csv", WithdrawalReason.Removed, Cancel);

        TrainingPlan own = await PlanAsync(storage, new PlanTrainingInput("run1", "ds-a", Force: false, Settings: null));
        TrainingPlan all = await PlanAsync(storage, new PlanTrainingInput("run2", null, Force: false, Settings: null));

        Assert.Contains("ds-a is not in force any more", own.SkipReason, StringComparison.Ordinal);
        Assert.Null(all.SkipReason);
        Assert.Equal(["ds-b"], (await new TrainingRunStore(storage).GetRequestAsync("run2", Cancel)).DatasetIds);
    }

    [Fact]
    public async Task One_dataset_under_two_paths_is_trained_on_once()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await AcceptAsync(storage, "ds-a", ModelExamples.Schema);
        await PutInForceAsync(storage, "copy.csv", "ds-a");

        await PlanAsync(storage, new PlanTrainingInput("run", null, Force: false, Settings: null));

        Assert.Equal(["ds-a"], (await new TrainingRunStore(storage).GetRequestAsync("run", Cancel)).DatasetIds);
    }

    [Fact]
    public async Task Planning_stops_when_more_than_half_of_the_files_are_gone()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        foreach (string id in (string[])["ds-a", "ds-b", "ds-c"])
        {
            await AcceptAsync(storage, id, ModelExamples.Schema);
            await PutInForceAsync(storage, $"{id}.csv", id);
        }

        await storage.DeleteAllAsync(BlobLayout.Datasets, "ds-", Cancel);

        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(
            () => PlanAsync(storage, new PlanTrainingInput("run", null, Force: false, Settings: null)));
        Assert.Contains("3 of 3 dropped files are gone", error.Message, StringComparison.Ordinal);
    }

    private static DatasetPaths PathsOf(PipelineStorage storage) => new(storage, new PreparedDatasetStore(storage), TimeProvider.System);

    private static async Task PutInForceAsync(PipelineStorage storage, string path, string id)
    {
        var file = await storage.Blob(BlobLayout.Datasets, path).UploadAsync(BinaryData.FromString("x"), Cancel);
        Assert.True(await PathsOf(storage).PutInForceAsync(path, id, file.Value.ETag.ToString(), Cancel));
    }

    private static Task<TrainingPlan> PlanAsync(PipelineStorage storage, PlanTrainingInput input) =>
        PlannedTraining.PlanAsync(storage, input, new TrainingSettings(Epochs: 7));

    private static Task AcceptAsync(PipelineStorage storage, string id, KeypointSchema schema) =>
        PlannedTraining.AcceptAsync(storage, id, schema, TimeProvider.System.GetUtcNow());

    private static async Task PublishAsync(PipelineStorage storage, string fingerprint)
    {
        using var folder = TestFolder.Create("plan");
        byte[] model = [1];
        await File.WriteAllBytesAsync(folder.File("m.onnx"), model, Cancel);
        var registry = new ModelRegistry(storage, TimeProvider.System);
        await registry.PublishAsync(ModelExamples.Manifest("v1", model, fingerprint), folder.File("m.onnx"), Cancel);
        await registry.PromoteAsync("v1", "first", Cancel);
    }
}
