using System.IO.Compression;
using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

/// <summary>A storage that commit 685cd15 wrote keeps working (<c>tests/shared/Fixtures/README.md</c>).</summary>
public sealed class EarlierStorageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Rows = 300;
    private readonly TemporaryFolder _folder = TestFolder.Create("earlier");
    private PipelineStorage _storage = null!;
    private PreparedDatasetStore _datasets = null!;
    private RowPlanStore _plans = null!;
    private ModelRegistry _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string path = Path.Combine(RepositoryRoot.Path, "tests", "shared", "Fixtures", "storage-685cd15.zip");
        await using ZipArchive zip = await ZipFile.OpenReadAsync(path, Cancel);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            (string container, string name) = (entry.FullName.Split('/')[0], entry.FullName[(entry.FullName.IndexOf('/') + 1)..]);
            await using Stream content = await entry.OpenAsync(Cancel);
            await _storage.Blob(container, name).UploadAsync(BinaryData.FromStream(content), Cancel);
        }

        _datasets = new PreparedDatasetStore(_storage);
        _plans = new RowPlanStore(_storage);
        _models = new ModelRegistry(_storage, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Its_datasets_are_in_force_and_its_rows_are_read()
    {
        DatasetInForce inForce = Assert.Single(await new DatasetPaths(_storage, _datasets, TimeProvider.System).ReconcileAsync(Cancel));
        using PreparedDataset dataset = PreparedDataset.Open(await _datasets.DownloadAsync(inForce.DatasetId, _folder.Path, Cancel));

        Assert.Equal(("faces.csv", Rows), (inForce.Path, dataset.Rows));
        DatasetKeys keys = DatasetKeys.Read(dataset);
        Assert.Equal((25, 200), (keys.GroupKeys.Where(key => key != 0).Distinct().Count(), keys.GroupKeys.Count(key => key == 0)));
    }

    [Fact]
    public async Task Its_champion_predicts()
    {
        ModelManifest champion = await FindChampionAsync();
        await _models.DownloadAsync(champion.Version, _folder.File("champion.onnx"), Cancel);
        using KeypointModel model = KeypointModel.Open(_folder.File("champion.onnx"));
        using PreparedDataset dataset = PreparedDataset.Open(await _datasets.DownloadAsync(champion.DatasetIds.Single(), _folder.Path, Cancel));

        EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, Cancel);

        Assert.Equal(Rows, result.Images);
        Assert.InRange(result.Rmse!.Value, 0.1, 8);
        Assert.Equal("1.0", champion.Training.TrainerVersion);
    }

    [Fact]
    public async Task The_old_rule_says_what_its_champion_trained_on_and_the_rest_is_shared_by_validation_and_test()
    {
        TrainingPlan plan = await PlanAsync("run-1");

        PlannedDataset rows = (await _plans.FindOfRunAsync("run-1", Cancel))!.Datasets.Single();
        (ulong[] splitKeys, _) = await _datasets.ReadKeysAsync((await _datasets.FindAsync(rows.DatasetId, Cancel))!, Cancel);
        int free = splitKeys.Count(DatasetSplit.IsValidation);
        Assert.Equal((await FindChampionAsync()).Training.ValidationRows, free);
        Assert.All(Enumerable.Range(0, Rows), row => Assert.True(
            rows.Sides[row] == RowSide.Training || DatasetSplit.IsValidation(splitKeys[row]), $"The champion trained on row {row}."));
        Assert.Equal(Rows - free, plan.Rows!.TrainingRows);
        Assert.InRange(plan.Rows.ValidationRows, (free / 2) - 2, (free / 2) + 2);
        Assert.InRange(plan.Rows.TestRows, (free / 2) - 2, (free / 2) + 2);
    }

    [Fact]
    public async Task Its_champion_is_compared_with_a_new_model_on_the_new_test_rows()
    {
        TrainingPlan plan = await PlanAsync("run-1");
        await TrainAsync("run-1");

        ModelComparison comparison = await EvaluateAsync("run-1");

        ModelManifest champion = await FindChampionAsync();
        Assert.Equal((champion.Version, null), (comparison.ChampionVersion, comparison.ChampionFault));
        Assert.Equal(comparison.ChampionRmse, comparison.CandidateRmse);
        Assert.Equal((plan.Rows!.TestRows, plan.Rows.TestComponents), (comparison.TestRows, comparison.TestComponents));
    }

    [Fact]
    public async Task A_run_that_it_planned_is_evaluated_and_published_without_test_rows()
    {
        await TrainAsync("retrain-1");

        ModelComparison comparison = await EvaluateAsync("retrain-1");
        PublishedModel published = await new PublishModel(new TrainingRunStore(_storage), _plans, _models, new WorkFolder(_folder.File("work")))
            .RunAsync(new PublishModelInput("retrain-1", DateTimeOffset.UnixEpoch, comparison), Cancel);

        Assert.Equal((0, null, false), (comparison.TestRows, comparison.CandidateRmse, comparison.IsMeasured));
        Assert.NotNull(await _models.FindAsync(published.Version, Cancel));
    }

    private async Task<ModelManifest> FindChampionAsync() =>
        (await _models.FindAsync((await _models.GetChampionAsync(Cancel))!.Version, Cancel))!;

    private Task<TrainingPlan> PlanAsync(string run) =>
        PlannedTraining.PlanAsync(_storage, new PlanTrainingInput(run, null, Force: true, Settings: null));

    private Task<ModelComparison> EvaluateAsync(string run) =>
        new EvaluateCandidate(new TrainingRunStore(_storage), _plans, _datasets, _models, new WorkFolder(_folder.File("work"))).RunAsync(run, Cancel);

    /// <summary>Writes what a trainer leaves: the champion's model once more.</summary>
    private async Task TrainAsync(string run)
    {
        foreach (string file in (string[])[TrainingRunFiles.Model, TrainingRunFiles.Result])
        {
            BinaryData content = (await _storage.FindContentAsync(BlobLayout.Runs, $"ingest-1.train/{file}", Cancel))!.Content;
            await _storage.Blob(BlobLayout.Runs, $"{run}/{file}").UploadAsync(content, Cancel);
        }
    }
}
