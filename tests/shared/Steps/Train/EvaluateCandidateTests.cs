using System.Security.Cryptography;
using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

/// <summary>What stands between a trainer's file and a published version.</summary>
public sealed class EvaluateCandidateTests(AzuriteFixture azurite)
{
    private const string Run = "run";

    /// <summary>Some 15 rows.</summary>
    private const int PieceBytes = 1_000;

    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private static readonly byte[] Good = TinyOnnxModel.Constant(Schema, 3, 4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200)]
    [InlineData(1)] // no row of which tests
    public async Task A_model_that_predicts_no_numbers_is_not_published(int rows)
    {
        using Pipeline pipeline = await StartAsync(TinyOnnxModel.Constant(Schema, 3, float.NaN), rows);

        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => pipeline.EvaluateAsync(Cancel));

        Assert.Matches(
            "^The model of run 'run' is not published: The model predicts NaN for keypoint 'nose' in row [0-9]+ of faces.csv; a number of pixels is expected.$",
            error.Message);
        Assert.Equal(error.Message, (await new TrainingRunStore(pipeline.Storage).FindFailureAsync("f1", new TrainingSettings(), Cancel))?.Error);
    }

    [Fact]
    public async Task A_model_of_other_keypoints_is_not_published()
    {
        using Pipeline pipeline = await StartAsync(TinyOnnxModel.Constant(new KeypointSchema(["nose", "chin"], 8, 8), 1, 2, 3, 4));

        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => pipeline.EvaluateAsync(Cancel));

        Assert.Contains("runs/run/model.onnx predicts 2 keypoints, 8×8, or other names; the run's 1 keypoints, 8×8 are expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_not_published()
    {
        using Pipeline pipeline = await StartAsync(Good[..^1]);

        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => pipeline.EvaluateAsync(Cancel));

        Assert.StartsWith("The model of run 'run' is not published: runs/run/model.onnx cannot be used as a model: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_the_trainers_is_neither_measured_nor_published()
    {
        using Pipeline pipeline = await StartAsync(Good);
        await pipeline.UploadModelAsync(TinyOnnxModel.Constant(Schema, 4, 4), Cancel);

        InvalidDataException measured = await Assert.ThrowsAsync<InvalidDataException>(() => pipeline.EvaluateAsync(Cancel));
        InvalidDataException published = await Assert.ThrowsAsync<InvalidDataException>(() => pipeline.PublishAsync(new ModelComparison(1, 1, null, null, null), Cancel));

        Assert.Matches("^runs/run/model.onnx has SHA-256 [0-9a-f]{64}, but its result.json says [0-9a-f]{64}.$", measured.Message);
        Assert.Equal(measured.Message, published.Message);
        Assert.Empty(await pipeline.Registry.ListAsync(Cancel));
    }

    [Fact]
    public async Task A_champion_that_cannot_be_used_keeps_nothing_from_being_published_and_a_person_decides()
    {
        using Pipeline pipeline = await StartAsync(Good);
        PublishedModel champion = await pipeline.PublishAsync(await pipeline.EvaluateAsync(Cancel), Cancel);
        await pipeline.Registry.PromoteAsync(champion.Version, "first", Cancel);
        await pipeline.Storage.Blob(BlobLayout.Models, $"{champion.Version}/model.onnx").UploadAsync(BinaryData.FromBytes([7]), overwrite: true, Cancel);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);
        ModelManifest manifest = (await pipeline.Registry.FindAsync(champion.Version, Cancel))!;
        PromotionDecision decision = PromotionRule.Decide(manifest with { Version = "later" }, manifest, comparison);

        Assert.Equal((champion.Version, null), (comparison.ChampionVersion, comparison.ChampionRmse));
        Assert.InRange(comparison.CandidateRmse!.Value, 0.1, 10);
        Assert.False(decision.Promote);
        Assert.StartsWith($"champion {champion.Version} cannot be used for the comparison (models/{champion.Version}/model.onnx has SHA-256", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_models_are_measured_on_the_test_rows_of_the_plan()
    {
        using Pipeline pipeline = await StartAsync(Good, rows: 400);
        await pipeline.PublishChampionAsync(TinyOnnxModel.Constant(Schema, 0, 0), Schema, Cancel);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);

        Assert.Equal((40, 40, 40), (comparison.ValidationRows, comparison.TestRows, comparison.TestComponents));
        Assert.True(comparison.IsMeasured);
        Assert.Equal(comparison.CandidateRmse!.Value / comparison.ChampionRmse!.Value, comparison.Ratio!.Value, 1e-9);
        Assert.InRange(comparison.Ratio.High, comparison.Ratio.Value, 1);
    }

    [Fact]
    public async Task A_champion_with_its_keypoints_in_another_order_is_compared_by_name()
    {
        var schema = new KeypointSchema(["nose", "chin"], 8, 8);
        using Pipeline pipeline = await StartAsync(TinyOnnxModel.Constant(schema, 3, 4, 1, 1), rows: 400, schema);
        await pipeline.PublishChampionAsync(
            TinyOnnxModel.Constant(new KeypointSchema(["Chin", "NOSE"], 8, 8), 1, 1, 3, 4), new KeypointSchema(["Chin", "NOSE"], 8, 8), Cancel);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);

        Assert.Equal(comparison.CandidateRmse, comparison.ChampionRmse);
        Assert.Equal(1, comparison.Ratio!.Value, 1e-9);
    }

    [Fact]
    public async Task A_champion_of_fewer_keypoints_is_compared_over_those()
    {
        var schema = new KeypointSchema(["nose", "chin"], 8, 8);
        using Pipeline pipeline = await StartAsync(TinyOnnxModel.Constant(schema, 3, 4, 100, 100), rows: 400, schema, csv: WithChin(SmallTable.With(400)));
        await pipeline.PublishChampionAsync(Good, Schema, Cancel);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);

        Assert.Equal(comparison.ChampionRmse!.Value, comparison.CandidateRmse!.Value, 1e-9);
        Assert.InRange(comparison.CandidateRmse!.Value, 0.1, 10);
        Assert.True(comparison.CandidateWholeRmse > 20, $"The chin is labelled far from the prediction: {comparison}");
        Assert.Contains($"{comparison.CandidateWholeRmse:0.000} px on", comparison.DescribeCandidate(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_champion_of_which_nobody_knows_what_it_trained_on_is_not_compared()
    {
        using Pipeline pipeline = await StartAsync(Good, rows: 400);
        await pipeline.PublishChampionAsync(Good, Schema, Cancel);
        await pipeline.Storage.Blob(BlobLayout.Models, "v0/rows.bin").DeleteAsync(cancellationToken: Cancel);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);

        Assert.Equal(("v0", null, null), (comparison.ChampionVersion, comparison.ChampionRmse, comparison.Ratio));
        Assert.True(comparison.IsMeasured);
    }

    [Fact]
    public async Task A_run_without_test_rows_is_not_measured()
    {
        using Pipeline pipeline = await StartAsync(Good, rows: 90);

        ModelComparison comparison = await pipeline.EvaluateAsync(Cancel);

        Assert.Equal((0, 0, 0, null), (comparison.ValidationRows, comparison.TestRows, comparison.TestComponents, comparison.CandidateRmse));
        Assert.False(comparison.IsMeasured);
    }

    [Fact]
    public async Task Only_the_two_models_are_on_this_machines_disk_while_rows_are_read()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(account, Cancel);
        using Pipeline pipeline = await StartAsync(Good, rows: 400, storage: proxy.Open());
        await pipeline.PublishChampionAsync(Good, Schema, Cancel);
        int pieces = 0;
        long peak = 0;
        proxy.Before = request =>
        {
            pieces += request.Blob.Contains("/images-", StringComparison.Ordinal) ? 1 : 0;
            peak = Math.Max(peak, pipeline.BytesOnDisk());
            return Task.CompletedTask;
        };

        await pipeline.EvaluateAsync(Cancel);

        Assert.InRange(pieces, 20, 100);
        Assert.InRange(peak, Good.Length, 2 * Good.Length);
        Assert.Equal(0, pipeline.BytesOnDisk());
    }

    [Fact]
    public async Task The_row_plan_is_published_with_the_model()
    {
        using Pipeline pipeline = await StartAsync(Good, rows: 400);

        PublishedModel published = await pipeline.PublishAsync(await pipeline.EvaluateAsync(Cancel), Cancel);

        RowPlan plan = (await new RowPlanStore(pipeline.Storage).FindOfModelAsync(published.Version, Cancel))!;
        Assert.Equal((320, 40, 40), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    /// <summary>Adds a chin at (1, 1) to every row.</summary>
    private static string WithChin(string csv) => string.Join(
        '\n', csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => i == 0 ? $"chin_x,chin_y,{line}" : $"1,1,{line}"));

    private async Task<Pipeline> StartAsync(byte[] model, int rows = 400, KeypointSchema? schema = null, string? csv = null, PipelineStorage? storage = null)
    {
        storage ??= (await azurite.NewStorageAsync(Cancel)).Storage;
        var pipeline = new Pipeline(storage, TestFolder.Create("candidate"));
        string datasetId = await pipeline.AcceptDatasetAsync(csv ?? SmallTable.With(rows), Cancel);
        await new TrainingRunStore(storage).WriteRequestAsync(
            new TrainingRequest(Run, [datasetId], schema ?? Schema, "f1", new TrainingSettings(), DateTimeOffset.UnixEpoch), Cancel);
        var result = new TrainingResult(Run, 1, null, rows, 0, 1, 1, Convert.ToHexStringLower(SHA256.HashData(model)), model.Length, "1");
        await storage.WriteAsync(BlobLayout.Runs, $"{Run}/{TrainingRunFiles.Result}", result, Cancel);
        await pipeline.UploadModelAsync(model, Cancel);
        return pipeline;
    }

    /// <summary>The steps from a completed run to a published version, on storage of their own.</summary>
    private sealed class Pipeline(PipelineStorage storage, TemporaryFolder folder) : IDisposable
    {
        private readonly TrainingRunStore _runs = new(storage);
        private readonly RowPlanStore _plans = new(storage);
        private readonly PreparedDatasetStore _datasets = new(storage);
        private readonly WorkFolder _work = new(folder.File("work"));

        public PipelineStorage Storage => storage;

        public ModelRegistry Registry { get; } = new(storage, TimeProvider.System);

        /// <summary>Bytes of the files in the step's work folder.</summary>
        public long BytesOnDisk() => Directory.Exists(_work.Path)
            ? new DirectoryInfo(_work.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
            : 0;

        /// <summary>Prepares a dataset and plans the run on it.</summary>
        public async Task<string> AcceptDatasetAsync(string csv, CancellationToken cancellationToken)
        {
            string prepared = folder.File("prepared");
            PreparationOutcome outcome = await PreparedForTest.PrepareAsync(
                PreparedForTest.Source(Packing.Utf8(csv), "faces.csv"), prepared, cancellationToken: cancellationToken);
            using (PreparedDataset dataset = PreparedDataset.Open(prepared))
            {
                await StoredForTest.InPiecesAsync(storage, dataset, PieceBytes);
                await _plans.TryWriteOfRunAsync(Run, RowPlanner.Plan([DatasetKeys.Read(dataset)], new TrainedKeys()), cancellationToken);
            }

            return outcome.Manifest!.DatasetId;
        }

        public async Task PublishChampionAsync(byte[] model, KeypointSchema schema, CancellationToken cancellationToken)
        {
            string path = folder.File("champion.onnx");
            await File.WriteAllBytesAsync(path, model, cancellationToken);
            await _plans.WriteOfModelAsync("v0", new RowPlan([]), cancellationToken);
            await Registry.PublishAsync(ModelExamples.Manifest("v0", model, schema: schema), path, cancellationToken);
            await Registry.PromoteAsync("v0", "an example", cancellationToken);
        }

        public async Task UploadModelAsync(byte[] model, CancellationToken cancellationToken) =>
            await storage.Blob(BlobLayout.Runs, $"{Run}/{TrainingRunFiles.Model}").UploadAsync(BinaryData.FromBytes(model), overwrite: true, cancellationToken);

        public Task<ModelComparison> EvaluateAsync(CancellationToken cancellationToken) =>
            new EvaluateCandidate(_runs, _plans, _datasets, Registry, _work).RunAsync(Run, cancellationToken);

        public Task<PublishedModel> PublishAsync(ModelComparison comparison, CancellationToken cancellationToken) =>
            new PublishModel(_runs, _plans, Registry, _work).RunAsync(new PublishModelInput(Run, DateTimeOffset.UnixEpoch, comparison), cancellationToken);

        public void Dispose() => folder.Dispose();
    }
}
