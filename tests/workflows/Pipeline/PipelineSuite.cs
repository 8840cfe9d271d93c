using System.Text.Json;
using KeypointPipeline.Formats;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Pipeline;

/// <summary>The pipeline's workflows with their real steps on any engine: real storage server, real trainer, real ONNX Runtime.
/// Every workflow runs under the replay guard.</summary>
/// <param name="azurite">The storage server; an assembly fixture of the deriving project.</param>
/// <param name="engine">The engine.</param>
/// <param name="launchers">Makes what starts the trainers.</param>
public abstract class PipelineSuite(AzuriteFixture azurite, IEngineUnderTest engine, TrainerLauncherFactory launchers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_dataset_becomes_the_champion_and_dropped_images_become_keypoints()
    {
        await using PipelineRun pipeline = await StartAsync();
        string dataset = await DrawnInputs.DrawDatasetAsync(pipeline.Folder, rows: 60, seed: 1, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(pipeline.Folder, count: 12, Cancel);

        IngestDatasetOutput ingested = await pipeline.DropDatasetAsync(dataset);
        InferBatchOutput predicted = await pipeline.DropImagesAsync(images, "holiday photos ü");

        Assert.Equal((true, 60, 2), (ingested.Accepted, ingested.RowsAccepted, ingested.RowsRejected));
        TrainModelOutput training = ingested.Training!;
        Assert.True(training.Trained && training.Promoted, training.Reason);
        var registry = new ModelRegistry(pipeline.Storage, TimeProvider.System);
        Assert.Equal(training.Version, (await registry.GetChampionAsync(Cancel))!.Version);
        Assert.Equal(DrawnInputs.KeypointNames, (await registry.FindAsync(training.Version!, Cancel))!.Schema.Names);
        Assert.Equal((13, 12, 1, training.Version), (predicted.Images, predicted.Succeeded, predicted.Failed, predicted.ModelVersion));
        await AssertResultsAsync(pipeline, predicted);
        Assert.Equal(
            [(nameof(InferBatch), 1), (nameof(InferChunks), 1), (nameof(IngestDataset), 1), (nameof(TrainModel), 1)],
            pipeline.Guard.Rehearsed.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value)));
    }

    [Fact]
    public async Task A_retraining_is_skipped_when_nothing_changed_and_a_model_that_is_not_better_is_not_promoted()
    {
        await using PipelineRun pipeline = await StartAsync();
        string dataset = await DrawnInputs.DrawDatasetAsync(pipeline.Folder, rows: 40, seed: 2, Cancel);
        string champion = (await pipeline.DropDatasetAsync(dataset)).Training!.Version!;

        TrainModelOutput skipped = await pipeline.RunAsync(Retrain.Ref, new RetrainInput("test", Force: false, Settings: null), "retrain-1");
        TrainModelOutput same = await pipeline.RunAsync(Retrain.Ref, new RetrainInput("test", Force: true, Settings: null), "retrain-2");

        Assert.False(skipped.Trained);
        Assert.Contains(champion, skipped.Reason, StringComparison.Ordinal);
        Assert.True(same.Trained);
        Assert.False(same.Promoted, same.Reason);
        Assert.StartsWith("not promoted: ", same.Reason, StringComparison.Ordinal);
        Assert.NotEqual(champion, same.Version);
        Assert.Equal(champion, (await new ModelRegistry(pipeline.Storage, TimeProvider.System).GetChampionAsync(Cancel))!.Version);
        Assert.Equal((2, 3), (pipeline.Guard.Rehearsed[nameof(Retrain)], pipeline.Guard.Rehearsed[nameof(TrainModel)]));
    }

    [Fact]
    public async Task A_first_content_that_is_dropped_again_makes_its_model_the_champion_again_without_a_training()
    {
        await using PipelineRun pipeline = await StartAsync();
        string first = await DrawnInputs.DrawDatasetAsync(pipeline.Folder, rows: 40, seed: 6, Cancel);
        string second = await DrawnInputs.DrawDatasetAsync(pipeline.Folder, rows: 40, seed: 7, Cancel);
        string dropped = pipeline.Folder.File("training.zip");

        TrainModelOutput[] trainings = new TrainModelOutput[3];
        foreach ((int turn, string content) in new[] { first, second, first }.Index())
        {
            File.Copy(content, dropped, overwrite: true);
            trainings[turn] = (await pipeline.DropDatasetAsync(dropped)).Training!;
        }

        Assert.True(trainings[1].Promoted, trainings[1].Reason);
        Assert.Equal(
            (false, $"version {trainings[0].Version} was trained on exactly the data in force and is the champion again"),
            (trainings[2].Trained, trainings[2].Reason));
        ChampionPointer champion = (await new ModelRegistry(pipeline.Storage, TimeProvider.System).GetChampionAsync(Cancel))!;
        Assert.Equal((trainings[0].Version, trainings[1].Version), (champion.Version, champion.PreviousVersion));
    }

    [Fact]
    public async Task A_training_that_its_settings_make_fail_is_not_repeated_by_the_schedule()
    {
        await using PipelineRun pipeline = await StartAsync();
        await pipeline.DropDatasetAsync(await DrawnInputs.DrawDatasetAsync(pipeline.Folder, rows: 40, seed: 8, Cancel));
        var night = new RetrainInput("schedule", Force: false, new TrainingSettings(Epochs: 2, Network: "no-such-net"));

        await pipeline.Engine.Client.StartAsync(Retrain.Ref, night, "retrain-1", Cancel);
        string error = await pipeline.Engine.ErrorAsync("retrain-1");
        TrainModelOutput skipped = await pipeline.RunAsync(Retrain.Ref, night, "retrain-2");

        Assert.Contains("There is no network 'no-such-net'", error, StringComparison.Ordinal);
        Assert.False(skipped.Trained);
        Assert.Contains("There is no network 'no-such-net'", skipped.Reason, StringComparison.Ordinal);
        Assert.Contains("""{"force":true}""", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_kept_with_the_reason_and_starts_no_training()
    {
        await using PipelineRun pipeline = await StartAsync();
        string file = pipeline.Folder.File("no image column.csv");
        await File.WriteAllTextAsync(file, "nose_x,nose_y\n1,2\n", Cancel);

        IngestDatasetOutput output = await pipeline.DropDatasetAsync(file);

        Assert.False(output.Accepted);
        Assert.Null(output.Training);
        var reason = await pipeline.Storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, "no image column.csv.reason.json", Cancel);
        Assert.Equal(output.Reason, reason!.Value.Rejection);
        Assert.Equal("nose_x,nose_y\n1,2\n", await pipeline.ReadTextAsync(BlobLayout.Rejected, "no image column.csv"));
        Assert.Equal([nameof(IngestDataset)], pipeline.Guard.Rehearsed.Keys);
    }

    [Fact]
    public async Task Storage_that_fails_one_request_in_four_and_goes_away_for_a_while_changes_no_result()
    {
        using TemporaryFolder folder = TestFolder.Create("faults");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 40, seed: 4, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(folder, count: 6, Cancel);
        await using PipelineRun undisturbed = await StartAsync();
        PipelineOutcome expected = await PipelineOutcome.OfAsync(undisturbed, dataset, images);
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(account, Cancel);
        await using PipelineRun disturbed = await PipelineRun.StartAsync(
            new TestStorage(proxy.Open(), proxy.ConnectionString), engine, launchers);
        var faults = new SeededFaults(
            56,
            0.25,
            StorageFault.InternalError,
            StorageFault.ServerBusy,
            StorageFault.LostRequest,
            StorageFault.LostAnswer,
            StorageFault.FalseAlarm,
            StorageFault.CutAnswer,
            StorageFault.Slow);

        // Away for as many requests as two tries of a step send.
        proxy.Plan = request => proxy.Seen.Count is >= 12 and < 24 ? StorageFault.LostRequest : faults.Choose(request);

        PipelineOutcome outcome = await PipelineOutcome.OfAsync(disturbed, dataset, images);

        proxy.Plan = _ => StorageFault.None;
        Assert.Equal(expected, outcome);
        Assert.Contains(proxy.Seen, seen => seen is { Fault: StorageFault.LostAnswer, Request: { Method: "PUT", Blob: BlobLayout.Champion } });
    }

    private async Task<PipelineRun> StartAsync() => await PipelineRun.StartAsync(await azurite.NewStorageAsync(Cancel), engine, launchers);

    private static async Task AssertResultsAsync(PipelineRun pipeline, InferBatchOutput predicted)
    {
        async Task<string> Read(string file) => await pipeline.ReadTextAsync(BlobLayout.Results, $"{predicted.Batch}/{file}");
        static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + predicted.Images, Lines(await Read(ResultFiles.Csv)).Length);
        string[] errors = Lines(await Read(ResultFiles.Errors));
        Assert.Equal(2, errors.Length);
        Assert.Contains(DrawnInputs.BrokenImage, errors[1], StringComparison.Ordinal);
        Assert.Contains("<svg", await Read(ResultFiles.Report), StringComparison.Ordinal);
        JsonElement[] images = [.. Lines(await Read(ResultFiles.JsonLines)).Select(PipelineJson.Read<JsonElement>)];
        JsonElement broken = Assert.Single(images, image => image.GetProperty("keypoints").ValueKind == JsonValueKind.Null);
        Assert.Equal(DrawnInputs.BrokenImage, broken.GetProperty("image").GetString());
    }
}
