using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Api;
using KeypointPipeline.Errors;
using KeypointPipeline.Formats;
using KeypointPipeline.Local.Demo;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.Network;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>The whole pipeline in this process: real storage server, real engine, real trainer process, real ONNX Runtime.</summary>
public sealed class PipelineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_dataset_becomes_the_champion_and_dropped_images_become_keypoints()
    {
        using var folder = TestFolder.Create("pipeline");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 120, seed: 1, Cancel);
        string images = await DrawnInputs.DrawImagesAsync(folder, count: 40, Cancel);
        await using LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(folder.File("home")), Cancel);

        var ingested = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.DropAndWaitAsync(host, dataset, Cancel));
        var predicted = SmallPipeline.Output<InferBatchOutput>(await SmallPipeline.DropAndWaitAsync(host, images, Cancel));
        string zip = folder.File("as an archive.zip");
        await ZipFile.CreateFromDirectoryAsync(images, zip, Cancel);
        var archived = SmallPipeline.Output<InferBatchOutput>(await SmallPipeline.DropAndWaitAsync(host, zip, Cancel));

        Assert.Equal((120, 2), (ingested.RowsAccepted, ingested.RowsRejected));
        Assert.True(ingested.Training!.Promoted);
        await AssertModelAsync(host, folder, ingested);
        Assert.Equal((41, 40, 1), (predicted.Images, predicted.Succeeded, predicted.Failed));
        Assert.Equal(ingested.Training.Version, predicted.ModelVersion);
        DemoResults results = await AssertResultsAsync(host, folder, predicted.Batch);
        DemoResults fromZip = await AssertResultsAsync(host, folder, archived.Batch);
        Assert.Equal(
            await File.ReadAllTextAsync(results.File(ResultFiles.Csv), Cancel), await File.ReadAllTextAsync(fromZip.File(ResultFiles.Csv), Cancel));
        await AssertStatusEndpointAsync(host);
    }

    [Fact]
    public async Task The_same_data_again_is_not_trained_on_again_and_a_retrain_says_why_it_was_skipped()
    {
        using var folder = TestFolder.Create("pipeline");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 2, Cancel);
        string renamed = folder.File("same content.zip");
        File.Copy(dataset, renamed);
        await using LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(folder.File("home")), Cancel);

        var first = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.DropAndWaitAsync(host, dataset, Cancel));
        var second = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.DropAndWaitAsync(host, renamed, Cancel));
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("test", Force: false, Settings: null), "retrain-1", Cancel);
        var retrained = SmallPipeline.Output<TrainModelOutput>(await Eventually.EndedAsync(host.Workflows, "retrain-1"));

        Assert.Equal(first.DatasetId, second.DatasetId);
        Assert.True(first.Training!.Trained);
        Assert.False(second.Training!.Trained);
        Assert.False(retrained.Trained);
        Assert.Contains(first.Training.Version!, retrained.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_kept_with_the_reason_and_starts_no_training()
    {
        using var folder = TestFolder.Create("pipeline");
        string file = folder.File("no image column.csv");
        await File.WriteAllTextAsync(file, "nose_x,nose_y\n1,2\n", Cancel);
        await using LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(folder.File("home")), Cancel);

        var output = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.DropAndWaitAsync(host, file, Cancel));

        Assert.False(output.Accepted);
        Assert.Null(output.Training);
        var reason = await host.Storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, "no image column.csv.reason.json", Cancel);
        Assert.Equal(output.Reason, reason!.Value.Rejection);
        BlobDownloadResult kept = await host.Storage.Blob(BlobLayout.Rejected, "no image column.csv").DownloadContentAsync(Cancel);
        Assert.Equal("nose_x,nose_y\n1,2\n", kept.Content.ToString());
    }

    [Fact]
    public async Task A_terminated_training_stops_its_trainer_and_gives_its_turn_to_the_next()
    {
        using var folder = TestFolder.Create("pipeline");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 200, seed: 3, Cancel);
        await using LocalHost host = await LocalHost.StartAsync(
            SmallPipeline.Options(folder.File("home")) with { Training = SmallPipeline.Training with { Epochs = 10_000 } }, Cancel);
        DroppedItem item = await new Dropper(host.Storage).DropAsync(dataset, name: null, progress: null, Cancel);
        string endless = InstanceIds.Training(item.InstanceId);
        await WaitForEpochAsync(host, endless);

        await host.Workflows.TerminateAsync(item.InstanceId, "enough", Cancel);
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("test", Force: true, SmallPipeline.Training), "retrain-next", Cancel);
        WorkflowStatus next = await Eventually.EndedAsync(host.Workflows, "retrain-next");

        Assert.True(SmallPipeline.Output<TrainModelOutput>(next).Trained);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await host.Workflows.GetAsync(endless, Cancel))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_second_host_of_the_same_folder_says_who_has_it_and_ends()
    {
        using var folder = TestFolder.Create("pipeline");
        await using LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(folder.File("home")), Cancel);

        ToolResult second = await KeypointsTool.RunAsync(["up", "--home", folder.File("home"), "--port", "0"], Cancel);

        Assert.Equal(ExitCodes.HostRuns, second.ExitCode);
        Assert.Contains(host.Url.ToString(), second.Errors, StringComparison.Ordinal);
    }

    private static async Task AssertModelAsync(LocalHost host, TemporaryFolder folder, IngestDatasetOutput ingested)
    {
        var registry = new ModelRegistry(host.Storage, TimeProvider.System);
        Assert.Equal(ingested.Training!.Version, (await registry.GetChampionAsync(Cancel))!.Version);
        await registry.DownloadAsync(ingested.Training.Version!, folder.File("model.onnx"), Cancel);
        using KeypointModel model = KeypointModel.Open(folder.File("model.onnx"));
        Assert.Equal(DrawnFace.KeypointNames, model.Schema.Names);
        Assert.Equal((96, 96), (model.Schema.FrameWidth, model.Schema.FrameHeight));
    }

    private static async Task<DemoResults> AssertResultsAsync(LocalHost host, TemporaryFolder folder, string batch)
    {
        DemoResults results = await DemoResults.DownloadAsync(host.Storage, batch, folder.File($"results of {batch}"), Cancel);
        Assert.Equal(41, results.Images.Count);
        PredictedKeypoints broken = Assert.Single(results.Images, image => image.Keypoints is null);
        Assert.Equal(DrawnFaceImages.BrokenFileName, broken.Image);
        Assert.Equal(42, (await File.ReadAllLinesAsync(results.File(ResultFiles.Csv), Cancel)).Length);
        Assert.Contains(DrawnFaceImages.BrokenFileName, await File.ReadAllTextAsync(results.File(ResultFiles.Errors), Cancel), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(results.File(ResultFiles.Report), Cancel), StringComparison.Ordinal);
        Assert.False(Directory.Exists(results.File("_work")));
        foreach (PredictedKeypoints image in results.Images.Where(i => i.Keypoints is not null))
        {
            Assert.All(image.Keypoints!.Values, point =>
            {
                Assert.InRange(point![0], -0.5 * image.Width!.Value, 1.5 * image.Width.Value);
                Assert.InRange(point[1], -0.5 * image.Height!.Value, 1.5 * image.Height.Value);
            });
        }

        return results;
    }

    private static async Task AssertStatusEndpointAsync(LocalHost host)
    {
        using HttpClient http = LocalHttp.CreateClient(host.Url);
        using HttpResponseMessage list = await http.GetAsync($"{ManagementRoutes.Instances}?runtimeStatus=Completed", Cancel);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        using JsonDocument instances = JsonDocument.Parse(await list.Content.ReadAsStringAsync(Cancel));
        string[] names = [.. instances.RootElement.EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];
        Assert.Contains(nameof(IngestDataset), names);
        Assert.Contains(nameof(TrainModel), names);
        Assert.Contains(nameof(InferBatch), names);
    }

    private static Task WaitForEpochAsync(LocalHost host, string instanceId) => Eventually.TrueAsync(
        async () =>
        {
            WorkflowStatus? status = await host.Workflows.GetAsync(instanceId, Cancel);
            Assert.False(status?.HasEnded == true, $"{status?.Output}");
            return status?.CustomStatus is { ValueKind: JsonValueKind.Object } progress
                && progress.TryGetProperty("epoch", out JsonElement epoch) && epoch.GetInt32() > 0;
        },
        "the first epoch");
}
