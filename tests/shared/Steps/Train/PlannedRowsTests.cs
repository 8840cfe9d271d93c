using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

/// <summary>From dropped files to the row plans of several trainings in one storage.</summary>
public sealed class PlannedRowsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private DroppedDatasets _dropped = null!;
    private RowPlanStore _plans = null!;
    private ModelRegistry _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _dropped = await DroppedDatasets.StartAsync(azurite);
        _plans = new RowPlanStore(_dropped.Storage);
        _models = new ModelRegistry(_dropped.Storage, _dropped.Time);
    }

    public ValueTask DisposeAsync()
    {
        _dropped.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_same_pictures_in_a_file_with_groups_and_in_one_without_are_on_the_same_side()
    {
        string grouped = await _dropped.AcceptAsync("grouped.csv", Csv(Enumerable.Range(0, 120).Select(i => (i, $"person {i / 3}"))));
        string plain = await _dropped.AcceptAsync("plain.csv", Csv(Enumerable.Range(0, 120).Select(i => (i, ""))));

        RowPlan plan = await PlanAsync("run-1");

        Assert.Equal(Sides(plan, grouped), Sides(plan, plain));
        Assert.Equal((24, 24), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
        TrainingRequest request = await new TrainingRunStore(_dropped.Storage).GetRequestAsync("run-1", Cancel);
        Assert.Equal((6, "group and picture"), (request.Rows!.LargestComponent, request.Rows.JoinedBy));
        Assert.Equal(["grouped.csv", "plain.csv"], request.LearnedFrom!.Select(d => d.Path));
    }

    [Fact]
    public async Task One_picture_under_two_groups_keeps_both_groups_on_one_side()
    {
        // Picture 4n + 1 is once in group 2n and once, with another label, in group 2n + 1.
        string id = await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 50).SelectMany(n => ((int, string)[])
            [(4 * n, $"{2 * n}"), ((4 * n) + 1, $"{2 * n}"), ((4 * n) + 1, $"{(2 * n) + 1}"), ((4 * n) + 2, $"{(2 * n) + 1}")])));

        RowPlan plan = await PlanAsync("run-1");

        Assert.All(Sides(plan, id).Chunk(4), rows => Assert.Single(rows.Distinct()));
        Assert.Equal((20, 20), (plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Fact]
    public async Task With_few_rows_nothing_is_held_out_and_nothing_is_measured_on_training_rows()
    {
        await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 90).Select(i => (i, ""))));

        RowPlan plan = await PlanAsync("run-1");

        Assert.Equal((90, 0, 0), (plan.Count(RowSide.Training), plan.Count(RowSide.Validation), plan.Count(RowSide.Test)));
    }

    [Fact]
    public async Task What_a_published_model_trained_on_is_never_held_out_later()
    {
        string first = await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 300).Select(i => (i, ""))));
        RowPlan trained = await PlanAsync("run-1");
        await PublishAsync("v1", "run-1", validationRows: 30);
        string second = await _dropped.AcceptAsync("b.csv", Csv(Enumerable.Range(0, 600).Select(i => (i, $"{i % 300}"))));

        RowPlan plan = await PlanAsync("run-2");

        foreach (string id in (string[])[first, second])
        {
            IReadOnlyList<RowSide> sides = Sides(plan, id);
            for (int row = 0; row < sides.Count; row++)
            {
                if (Sides(trained, first)[row % 300] == RowSide.Training)
                    Assert.Equal(RowSide.Training, sides[row]);
            }
        }

        Assert.InRange(plan.Count(RowSide.Test), 88, 92);
    }

    [Theory]
    [InlineData(30, 0.05)]
    [InlineData(0, 0)]
    public async Task The_rule_of_earlier_versions_says_what_their_models_trained_on(int validationRows, double share)
    {
        string id = await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 1000).Select(i => (i, ""))));
        await PublishAsync("v1", run: null, validationRows, id);

        RowPlan plan = await PlanAsync("run-1");

        PlannedDataset rows = plan.Datasets.Single();
        for (int row = 0; row < 1000; row++)
            Assert.True(rows.Sides[row] == RowSide.Training || DatasetSplit.IsValidation(rows.ImageKeys[row]), $"Row {row} was trained on.");
        Assert.InRange(plan.Count(RowSide.Test), (share - 0.015) * 1000, (share + 0.015) * 1000);
        Assert.InRange(plan.Count(RowSide.Validation), (share - 0.015) * 1000, (share + 0.015) * 1000);
        Assert.NotNull(await _plans.FindOfModelAsync("v1", Cancel));
    }

    [Fact]
    public async Task A_retry_after_the_row_plan_keeps_it_though_data_arrived_in_between()
    {
        string id = await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 200).Select(i => (i, ""))));
        await PlanAsync("run-1");
        byte[] first = (await _dropped.Storage.FindContentAsync(BlobLayout.Runs, "run-1/rows.bin", Cancel))!.Content.ToArray();
        await _dropped.Storage.Blob(BlobLayout.Runs, "run-1/request.json").DeleteAsync(cancellationToken: Cancel);
        await _dropped.AcceptAsync("b.csv", Csv(Enumerable.Range(1000, 200).Select(i => (i, ""))));

        await PlanAsync("run-1");

        Assert.Equal(first, (await _dropped.Storage.FindContentAsync(BlobLayout.Runs, "run-1/rows.bin", Cancel))!.Content.ToArray());
        Assert.Equal([id], (await new TrainingRunStore(_dropped.Storage).GetRequestAsync("run-1", Cancel)).DatasetIds);
    }

    [Fact]
    public async Task A_damaged_row_plan_of_a_model_stops_planning_and_is_named()
    {
        await _dropped.AcceptAsync("a.csv", Csv(Enumerable.Range(0, 200).Select(i => (i, ""))));
        await PlanAsync("run-1");
        await PublishAsync("v1", "run-1", validationRows: 20);
        await _dropped.Storage.Blob(BlobLayout.Models, "v1/rows.bin").UploadAsync(BinaryData.FromString("KPROWS01 cut off"), overwrite: true, Cancel);

        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync("run-2"));

        Assert.Equal("Planning stopped: models/v1/rows.bin is damaged: it is cut off or was changed. Restore the file.", error.Message);
    }

    [Fact]
    public async Task Sets_in_another_order_and_subsets_train_together_and_others_are_named()
    {
        string first = await _dropped.AcceptAsync("a.csv", "nose_x,nose_y,chin_x,chin_y,Image\n1,2,3,4," + SmallTable.Image(1) + "\n");
        string sorted = await _dropped.AcceptAsync("b.csv", "CHIN_X,CHIN_Y,NOSE_X,NOSE_Y,Image\n1,2,3,4," + SmallTable.Image(2) + "\n");
        string subset = await _dropped.AcceptAsync("c.csv", "chin_x,chin_y,Image\n1,2," + SmallTable.Image(3) + "\n");
        await _dropped.AcceptAsync("paws.csv", "paw_x,paw_y,Image\n1,2," + SmallTable.Image(4) + "\n");

        await PlanAsync("run-1", subset);

        TrainingRequest request = await new TrainingRunStore(_dropped.Storage).GetRequestAsync("run-1", Cancel);
        Assert.Equal(new[] { first, sorted, subset }.Order(StringComparer.Ordinal), request.DatasetIds);
        Assert.Equal(["nose", "chin"], request.Schema.Names);
        Assert.Equal(["paws.csv (paw)"], request.Rows!.Apart);
    }

    private static string Csv(IEnumerable<(int Picture, string Group)> rows) =>
        string.Join('\n', ["nose_x,nose_y,group,Image", .. rows.Select((row, i) => $"{1 + (i % 7)},{i / 7 % 8},{row.Group},{SmallTable.Image(row.Picture)}")]) + "\n";

    private static IReadOnlyList<RowSide> Sides(RowPlan plan, string id) => plan.Datasets.Single(dataset => dataset.DatasetId == id).Sides;

    private async Task<RowPlan> PlanAsync(string run, string? datasetId = null)
    {
        TrainingPlan plan = await PlannedTraining.PlanAsync(
            _dropped.Storage, new PlanTrainingInput(run, datasetId, Force: true, Settings: null), time: _dropped.Time);
        Assert.Null(plan.SkipReason);
        return (await _plans.FindOfRunAsync(run, Cancel))!;
    }

    private async Task PublishAsync(string version, string? run, int validationRows, params string[] datasetIds)
    {
        using TemporaryFolder folder = TestFolder.Create("published");
        var schema = new KeypointSchema(["nose"], 8, 8);
        byte[] model = TinyOnnxModel.Constant(schema, 3, 4);
        await File.WriteAllBytesAsync(folder.File("m.onnx"), model, Cancel);
        ModelManifest manifest = ModelExamples.Manifest(version, model, schema: schema);
        if (run is not null)
            await _plans.CopyToModelAsync(run, version, Cancel);
        await _models.PublishAsync(
            manifest with { DatasetIds = datasetIds, Training = manifest.Training with { ValidationRows = validationRows } }, folder.File("m.onnx"), Cancel);
        await _models.PromoteAsync(version, "an example", Cancel);
    }
}
