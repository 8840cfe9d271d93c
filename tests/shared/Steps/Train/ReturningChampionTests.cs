using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

/// <summary>Planning makes a published version the champion again if it learned from exactly the data in force.</summary>
public sealed class ReturningChampionTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private PipelineStorage _storage = null!;
    private ModelRegistry _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_withdrawn_dataset_makes_the_model_of_the_other_data_the_champion_again_without_a_training()
    {
        await Paths.WithdrawAsync("ds-b.csv", WithdrawalReason.Removed, Cancel);

        TrainingPlan plan = await PlanAsync("run1");
        ChampionPointer champion = (await _models.GetChampionAsync(Cancel))!;
        TrainingPlan night = await PlanAsync("run2");

        Assert.Equal("version m1 was trained on exactly the data in force and is the champion again", plan.SkipReason);
        Assert.Equal(("m1", "m2", plan.SkipReason), (champion.Version, champion.PreviousVersion, champion.Reason));
        Assert.False(champion.WasRolledBack("m2"));
        Assert.StartsWith("nothing changed: champion m1", night.SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_whose_file_was_changed_does_not_return_and_the_data_are_trained_on()
    {
        await Paths.WithdrawAsync("ds-b.csv", WithdrawalReason.Removed, Cancel);
        await _storage.Blob(BlobLayout.Models, "m1/model.onnx").UploadAsync(BinaryData.FromBytes([7]), overwrite: true, Cancel);

        TrainingPlan plan = await PlanAsync("run1");

        Assert.Null(plan.SkipReason);
        Assert.Equal(["ds-a"], (await new TrainingRunStore(_storage).GetRequestAsync("run1", Cancel)).DatasetIds);
        Assert.Equal("m2", (await _models.GetChampionAsync(Cancel))!.Version);
    }

    [Fact]
    public async Task A_roll_back_outlives_the_nightly_retraining()
    {
        await _models.PromoteAsync("m1", "promoted by hand", Cancel);

        TrainingPlan night = await PlanAsync("run1");

        Assert.StartsWith("nothing changed since the roll-back: version m2 ", night.SkipReason, StringComparison.Ordinal);
        Assert.Equal("m1", (await _models.GetChampionAsync(Cancel))!.Version);
    }

    [Fact]
    public async Task A_failed_training_is_skipped_until_it_is_forced()
    {
        var runs = new TrainingRunStore(_storage);
        await AcceptAsync("ds-c");
        Assert.Null((await PlanAsync("run1")).SkipReason);
        await runs.RememberFailureAsync("run1", "The training diverged.", Cancel);

        TrainingPlan night = await PlanAsync("run2");
        TrainingPlan forced = await PlanAsync("run3", force: true);

        Assert.Contains("The training diverged. Correct the data. ", night.SkipReason, StringComparison.Ordinal);
        Assert.Null(forced.SkipReason);
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _models = new ModelRegistry(_storage, TimeProvider.System);
        await AcceptAsync("ds-a");
        await PublishAsync("m1", "ds-a");
        await AcceptAsync("ds-b");
        await PublishAsync("m2", "ds-a", "ds-b");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DatasetPaths Paths => new(_storage, new PreparedDatasetStore(_storage), TimeProvider.System);

    private Task<TrainingPlan> PlanAsync(string run, bool force = false) =>
        PlannedTraining.PlanAsync(_storage, new PlanTrainingInput(run, null, force, Settings: null));

    private Task AcceptAsync(string id) => PlannedTraining.AcceptAsync(_storage, id, ModelExamples.Schema, DateTimeOffset.UnixEpoch);

    private async Task PublishAsync(string version, params string[] datasets)
    {
        using TemporaryFolder folder = TestFolder.Create("returning");
        byte[] model = [(byte)version[1]];
        await File.WriteAllBytesAsync(folder.File("m.onnx"), model, Cancel);
        ModelManifest manifest = ModelExamples.Manifest(version, model, PreparedDatasetStore.Fingerprint(datasets)) with { DatasetIds = datasets };
        await _models.PublishAsync(manifest, folder.File("m.onnx"), Cancel);
        Assert.True(await _models.TryPromoteAsync(version, (await _models.GetChampionAsync(Cancel))?.Version, "the rule", Cancel));
    }
}
