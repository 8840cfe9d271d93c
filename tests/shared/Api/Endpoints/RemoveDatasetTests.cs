using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class RemoveDatasetTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string V1 = SmallTable.With(20);
    private static readonly string V2 = SmallTable.With(30);
    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Withdrawing_keeps_every_copy_and_says_what_remains()
    {
        string id = await _dropped.AcceptAsync("sub/a.csv", V1);

        DatasetRemoval removal = await RemoveAsync("path=sub/a.csv");

        Assert.Equal(new RemovedDataset("sub/a.csv", id, 20, InForce: true), Assert.Single(removal.Datasets));
        Assert.Empty(await _dropped.InForceAsync());
        Assert.Contains($"{id}/dataset.json", await _dropped.NamesAsync(BlobLayout.Prepared));
        Assert.Equal(
            ["the dropped file datasets/sub/a.csv", "its prepared rows and reports"], removal.Remains.Select(copy => copy.What));
        Assert.Single((await RemoveAsync("path=sub/a.csv")).Datasets);
    }

    [Fact]
    public async Task Erasing_names_the_rows_that_a_killed_attempt_left()
    {
        await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.Storage.Blob(BlobLayout.Prepared, "_incoming/killed/images-00000.u8").UploadAsync(BinaryData.FromString("rows"), Cancel);

        DatasetRemoval removal = await RemoveAsync("path=a.csv&erase=true");

        Assert.Contains("attempts to prepare a file in prepared/_incoming/", removal.Remains.Select(copy => copy.What));
    }

    [Fact]
    public async Task Erasing_deletes_the_file_and_every_copy_of_every_content_of_the_path()
    {
        string v1 = await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.IngestAsync("a.csv", await _dropped.DropAsync("a.csv", "nose_x,nose_y\n1,2\n"));
        string v2 = await _dropped.AcceptAsync("a.csv", V2);
        string other = await _dropped.AcceptAsync("b.csv", SmallTable.With(40));
        string[] copies = [Path.Combine(_dropped.Work.Path, "datasets", v1), Path.Combine(_dropped.Work.Trainers!, "account-run", v2)];
        foreach (string copy in copies)
            Directory.CreateDirectory(copy);

        DatasetRemoval removal = await RemoveAsync("path=a.csv&erase=true");

        Assert.Equal([v1, v2], removal.Datasets.Select(dataset => dataset.DatasetId));
        Assert.Equal([20, 30], removal.Datasets.Select(dataset => dataset.Rows));
        Assert.Equal([$"b.csv={other}"], await _dropped.InForceAsync());
        Assert.Equal(["b.csv"], await _dropped.NamesAsync(BlobLayout.Datasets));
        Assert.All(await _dropped.NamesAsync(BlobLayout.Prepared), name => Assert.StartsWith(other, name, StringComparison.Ordinal));
        Assert.Equal([$"{other}.json"], await _dropped.NamesAsync(BlobLayout.Reports));
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Rejected));
        Assert.DoesNotContain(copies, Directory.Exists);
        Assert.Equal(
            ["bytes in the storage server's own files", "copies outside the pipeline"], removal.Remains.Select(copy => copy.What));
        Assert.Equal(200, (await _dropped.Get<RemoveDataset>().CallAsync("path=a.csv&erase=true", _workflows, Cancel)).Status);
    }

    [Fact]
    public async Task A_rejected_file_that_is_deleted_already_can_still_be_erased()
    {
        await _dropped.IngestAsync("bad.csv", await _dropped.DropAsync("bad.csv", "nose_x,nose_y\n1,2\n"));
        await _dropped.DeleteAsync("bad.csv");

        await RemoveAsync("path=bad.csv&erase=true");

        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Rejected));
    }

    [Fact]
    public async Task A_copy_that_a_trainer_downloads_while_its_rows_are_erased_is_deleted_too()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await PlanTrainingAsync("train-1", id);
        string late = Path.Combine(_dropped.Work.Trainers!, "account-train-2", id);
        _workflows.AfterTerminate = async () =>
        {
            // The next training takes the turn before the rows are gone, and downloads them before it is stopped too.
            if (_workflows.Terminated.Count > 1)
            {
                Directory.CreateDirectory(late);
                return;
            }

            await _dropped.Get<TrainingSlot>().ReleaseAsync("train-1", Cancel);
            await PlanTrainingAsync("train-2", id);
        };

        DatasetRemoval removal = await RemoveAsync("path=a.csv&erase=true");

        Assert.Equal(["train-1", "train-2"], removal.StoppedTrainings);
        Assert.False(Directory.Exists(late));
    }

    [Fact]
    public async Task Rows_that_another_path_has_too_stay_in_force_there()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.AcceptAsync("b.csv", V1);

        DatasetRemoval removal = await RemoveAsync("path=a.csv&erase=true");

        Assert.Contains("datasets/b.csv has the same rows", Assert.Single(removal.Notes), StringComparison.Ordinal);
        Assert.Equal([$"b.csv={id}"], await _dropped.InForceAsync());

        await RemoveAsync("path=b.csv&erase=true");
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Prepared));
    }

    [Theory]
    [InlineData("path=a.csv&erase=true", true)]
    [InlineData("path=b.csv&erase=true", false)]
    [InlineData("path=a.csv", false)]
    public async Task Erasing_stops_the_training_that_uses_the_rows_and_withdrawing_does_not(string query, bool stopped)
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await _dropped.AcceptAsync("b.csv", V2);
        await PlanTrainingAsync("train-1", id);

        DatasetRemoval removal = await RemoveAsync(query);

        Assert.Equal(stopped ? ["train-1"] : [], removal.StoppedTrainings);
        Assert.Equal(stopped ? ["train-1: a.csv was erased, and this training used its rows"] : [], _workflows.Terminated);
        Assert.Equal(stopped ? ["train-1"] : [], _dropped.Trainers.Stopped);
    }

    [Fact]
    public async Task A_model_that_learned_from_the_rows_is_named_and_listed_as_such()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);
        await PublishAsync("v1", id);
        Assert.Equal(new ModelDataset(id, "a.csv", DatasetFate.InForce), await LearnedAsync());

        await _dropped.AcceptAsync("a.csv", V2);
        Assert.Equal(new ModelDataset(id, "a.csv", DatasetFate.Replaced, _dropped.Time.GetUtcNow()), await LearnedAsync());

        await _dropped.AcceptAsync("a.csv", V1);
        DatasetRemoval withdrawn = await RemoveAsync("path=a.csv");
        Assert.Contains(withdrawn.Remains, copy => copy.What.StartsWith("model v1", StringComparison.Ordinal));
        Assert.Equal(new ModelDataset(id, "a.csv", DatasetFate.Withdrawn, _dropped.Time.GetUtcNow()), await LearnedAsync());

        DatasetRemoval erased = await RemoveAsync("path=a.csv&erase=true");
        Assert.Contains(erased.Remains, copy => copy.What.StartsWith("model v1", StringComparison.Ordinal));
        Assert.Equal(DatasetFate.Erased, (await LearnedAsync()).State);
        Assert.NotNull(await _dropped.Storage.FindETagAsync(BlobLayout.Models, "v1/rows.bin", Cancel));
    }

    [Fact]
    public async Task A_preview_changes_nothing()
    {
        string id = await _dropped.AcceptAsync("a.csv", V1);

        DatasetRemoval preview = await RemoveAsync("path=a.csv&erase=true&preview=true");

        Assert.True(preview.Preview);
        Assert.Equal(new RemovedDataset("a.csv", id, 20, InForce: true), Assert.Single(preview.Datasets));
        Assert.Equal([$"a.csv={id}"], await _dropped.InForceAsync());
    }

    [Theory]
    [InlineData("erase=true", "path=PATH")]
    [InlineData("path=", "path=PATH")]
    [InlineData("path=a.csv&everywhere=true&group=anna", "not both")]
    [InlineData("everywhere=true&erase=true", "everywhere goes with group")]
    [InlineData("path=a.csv&group= ", "blank")]
    [InlineData("path=a.csv&erase=yes", "'yes'; true or false is expected")]
    [InlineData("pth=a.csv", "'pth' is not a value of this address")]
    [InlineData(@"path=a\b.csv", @"contains a '\'")]
    public async Task A_request_that_is_not_clear_is_400_and_changes_nothing(string query, string expected)
    {
        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => RemoveAsync(query));

        Assert.Equal(400, problem.Problem.Status);
        Assert.Contains(expected, problem.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path=never.csv")]
    [InlineData("path=never.csv&erase=true")]
    public async Task A_path_that_was_never_dropped_is_404(string query)
    {
        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => RemoveAsync(query));

        Assert.Equal(404, problem.Problem.Status);
        Assert.Contains("GET /api/datasets", problem.Problem.Detail, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private async Task<DatasetRemoval> RemoveAsync(string query) =>
        (DatasetRemoval)(await _dropped.Get<RemoveDataset>().CallAsync(query, _workflows, Cancel)).Body;

    private async Task<ModelDataset> LearnedAsync() =>
        ((ModelList)(await _dropped.Get<ListModels>().CallAsync(Cancel)).Body).Learned!.Single().Datasets.Single();

    private async Task PlanTrainingAsync(string runId, string datasetId)
    {
        await _dropped.Get<TrainingSlot>().AcquireAsync(runId, Cancel);
        DatasetManifest manifest = (await _dropped.Prepared.FindAsync(datasetId, Cancel))!;
        await _dropped.Get<TrainingRunStore>().WriteRequestAsync(
            new TrainingRequest(runId, [datasetId], manifest.Schema, "f", new TrainingSettings(), PreparedForTest.Now), Cancel);
        _workflows.Run(TrainModel.Ref.Name, runId, "");
    }

    private async Task PublishAsync(string version, string datasetId)
    {
        using TemporaryFolder folder = TestFolder.Create("model");
        byte[] model = [1, 2, 3];
        await File.WriteAllBytesAsync(folder.File("m.onnx"), model, Cancel);
        await _dropped.Get<ModelRegistry>().PublishAsync(
            ModelExamples.Manifest(version, model) with { DatasetIds = [datasetId] }, folder.File("m.onnx"), Cancel);
    }
}
