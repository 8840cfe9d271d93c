using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Trainings;
using KeypointPipeline.Api.Trainings;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Trainings with their learning curves, and stopping them.</summary>
public sealed class TrainingEndpointTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_has_its_curve_in_order_with_the_best_epoch()
    {
        Run("train-1");
        await WriteAsync("train-1/metrics.jsonl", """
            {"epoch":1,"learningRate":0.1,"trainingLoss":3,"validationRmse":5,"seconds":1,"imagesPerSecond":9}
            {"epoch":3,"learningRate":0.1,"trainingLoss":1,"validationRmse":4,"seconds":1,"imagesPerSecond":9}
            {"epoch":2,"learningRate":0.1,"trainingLoss":2,"validationRmse":9,"seconds":1,"imagesPerSecond":9}
            {"epoch":2,"learningRate":0.1,"trainingLoss":2,"validationRmse":3,"seconds":1,"imagesPerSecond":9}
            another version's line
            """);
        await WriteAsync("train-1/status.json", PipelineJson.Write(new TrainingStatus(TrainingState.Running, DateTimeOffset.UnixEpoch, 3, 40)));

        var training = (TrainingDetail)(await CallAsync<ShowTraining>(["train-1"])).Body;

        Assert.Equal([1, 2, 3], training.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal((2, 3.0), (training.BestEpoch, training.Epochs[1].ValidationRmse));
        Assert.Equal((3, 40), (training.Status!.Epoch, training.Status.Epochs));
        Assert.Equal((WorkflowRuntimeStatus.Running, "training"), (training.Training!.State, training.Training.Progress!.Stage));
        Assert.Null(training.Result);
    }

    [Theory]
    [InlineData("", "white")]
    [InlineData("theme=light", "white")]
    [InlineData("theme=dark", "#1d2024")]
    public async Task The_curve_is_drawn_from_the_second_epoch_on_in_the_colours_of_the_page(string query, string ground)
    {
        Run("train-1");
        await WriteAsync("train-1/metrics.jsonl", """
            {"epoch":1,"learningRate":0.1,"trainingLoss":3,"validationRmse":5,"seconds":1,"imagesPerSecond":9}
            {"epoch":2,"learningRate":0.1,"trainingLoss":2,"validationRmse":3,"seconds":1,"imagesPerSecond":9}
            """);

        ApiAnswer answer = await CurveAsync("train-1", query);

        Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.ContentType));
        Assert.Contains("sandbox", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        string svg = await new StreamReader(((ApiFile)answer.Body).Content).ReadToEndAsync(Cancel);
        Assert.Contains("lowest after epoch 2: 3.00 px", svg, StringComparison.Ordinal);
        Assert.Contains($"<rect fill=\"{ground}\"", svg, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(((ApiFile)answer.Body).ETag, ((ApiFile)(await CurveAsync("train-1", query)).Body).ETag);
    }

    [Fact]
    public async Task A_curve_of_fewer_than_two_epochs_is_404_and_another_theme_is_400()
    {
        Run("train-1");
        await WriteAsync("train-1/metrics.jsonl", """{"epoch":1,"learningRate":0.1,"trainingLoss":3,"validationRmse":5,"seconds":1,"imagesPerSecond":9}""");

        Assert.Equal(404, await StatusAsync("train-1", ""));
        Assert.Equal(404, await StatusAsync("train-9", ""));
        Assert.Equal(404, await StatusAsync("../models", ""));
        Assert.Equal(400, await StatusAsync("train-1", "theme=red"));

        async Task<int> StatusAsync(string id, string query) => (await Assert.ThrowsAsync<ApiProblemException>(() => CurveAsync(id, query))).Problem.Status;
    }

    [Fact]
    public async Task A_training_says_why_its_trainers_ended_and_what_they_compute_on()
    {
        Run("train-1");
        var end = new TrainerEnd(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), 7, "killed (signal 9, most likely out of memory)");
        await _dropped.Get<TrainingRunStore>().AddEndAsync("train-1", end, Cancel);
        var device = new TrainerDevice("cpu", "A processor", 2, "float32");
        await WriteAsync("train-1/status.json", PipelineJson.Write(new TrainingStatus(TrainingState.Running, DateTimeOffset.UnixEpoch, 3, 40, Device: device)));

        var training = (TrainingDetail)(await CallAsync<ShowTraining>(["train-1"])).Body;

        Assert.Equal([end], training.Ends);
        Assert.Equal(device, training.Status!.Device);
    }

    [Fact]
    public async Task The_log_has_the_trainers_lines_and_none_before_the_first()
    {
        Run("train-1");
        var before = (TrainingLog)(await CallAsync<ReadTrainingLog>(["train-1"])).Body;
        await WriteAsync("train-1/log.txt", "one\ntwo\n");
        await WriteAsync("purged/log.txt", "three\n");

        Assert.Empty(before.Lines);
        Assert.Equal(["one", "two"], ((TrainingLog)(await CallAsync<ReadTrainingLog>(["train-1"])).Body).Lines);
        Assert.Equal(["three"], ((TrainingLog)(await CallAsync<ReadTrainingLog>(["purged"])).Body).Lines);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync<ReadTrainingLog>(["train-9"]))).Problem.Status);
    }

    [Fact]
    public async Task Trainings_are_listed_and_other_workflows_are_not()
    {
        Run("train-1");
        _workflows.Run("IngestDataset", "ingest-1", new { path = "a.csv" });

        var list = (TrainingList)(await CallAsync<ListTrainings>([])).Body;

        Assert.Equal(["train-1"], list.Trainings.Select(training => training.RunId));
    }

    [Fact]
    public async Task A_training_that_runs_is_stopped_with_its_trainer()
    {
        Run("train-1");

        Assert.Equal(200, (await CallAsync<StopTraining>(["train-1"])).Status);

        Assert.Equal("train-1: stopped by a person", Assert.Single(_workflows.Terminated));
        Assert.True(await _dropped.Storage.Blob(BlobLayout.Runs, "train-1/stop").ExistsAsync(Cancel));
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync<StopTraining>(["train-1"]))).Problem.Status);
    }

    [Theory]
    [InlineData("train-9")]
    [InlineData("../models")]
    public async Task An_unknown_training_is_404(string id) =>
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync<ShowTraining>([id]))).Problem.Status);

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private void Run(string id) => _workflows.Running.Add(new WorkflowStatus(
        "TrainModel",
        id,
        WorkflowRuntimeStatus.Running,
        Input: null,
        JsonSerializer.SerializeToElement(new TrainModelProgress("training", 3, 40), PipelineJson.Compact),
        Output: null,
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch));

    private async Task WriteAsync(string name, string content) =>
        await _dropped.Storage.Blob(BlobLayout.Runs, name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);

    private Task<ApiAnswer> CurveAsync(string id, string query) => _dropped.Get<ReadCurve>().CallAsync([id], query, [], _workflows, Cancel);

    private Task<ApiAnswer> CallAsync<T>(IReadOnlyList<string> values)
        where T : class, IApiEndpoint => _dropped.Get<T>().CallAsync(values, "", [], _workflows, Cancel);
}
