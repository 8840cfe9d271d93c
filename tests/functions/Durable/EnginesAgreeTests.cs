using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Inference;
using KeypointPipeline.Local.Tests.Engine;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Durable;

/// <summary>The app's functions on Durable and the embedded engine make the same results of the same batch.</summary>
public sealed partial class EnginesAgreeTests(AzuriteFixture azurite)
{
    private const string Batch = "people";
    private const int Images = 1_000;
    private const int Drawings = 40;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_of_1_000_images_has_the_same_bytes_of_results_on_both_engines()
    {
        using TemporaryFolder folder = TestFolder.Create("same-results");
        string drawn = await DrawnInputs.DrawImagesAsync(folder, Drawings, Cancel);

        SortedDictionary<string, BinaryData> durable = await PredictAsync(new DurableEngine(FunctionRegistration.Register), drawn, folder.File("durable"));
        SortedDictionary<string, BinaryData> embedded = await PredictAsync(new EmbeddedEngine(), drawn, folder.File("embedded"));

        string[] expected = [ResultFiles.Csv, ResultFiles.JsonLines, ResultFiles.Errors, ResultFiles.Coco, ResultFiles.LabelNext, ResultFiles.Report, ResultFiles.Summary];
        Assert.All(expected, name => Assert.Contains(name, durable.Keys));
        Assert.Equal(1 + Images + 1, durable[ResultFiles.Csv].ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(durable.Keys, embedded.Keys);
        Assert.All(durable, file => Assert.True(
            file.Value.ToMemory().Span.SequenceEqual(embedded[file.Key].ToMemory().Span), $"{file.Key} differs"));
    }

    /// <summary>Drops a batch on an engine with storage of its own.</summary>
    /// <returns>Its results by name, without times.</returns>
    private async Task<SortedDictionary<string, BinaryData>> PredictAsync(IEngineUnderTest engine, string drawn, string work)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await PublishAsync(storage, work);
        await UploadAsync(storage, drawn);
        BlobContentInfo marker = await storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(BinaryData.Empty, Cancel);
        string etag = marker.ETag.ToString();
        string instance = InstanceIds.Batch(Batch, etag);
        await using EngineRun run = await EngineRun.StartAsync(
            engine,
            PipelineCatalog.Create(),
            new ServiceCollection()
                .AddSingleton(TimeProvider.System)
                .AddSingleton(storage)
                .AddSingleton(new WorkFolder(work))
                .AddSingleton(new TrainingSettings())
                .AddPipelineSteps());
        await run.Client.StartAsync(InferBatch.Ref, new InferBatchInput(Batch, etag), instance, Cancel);
        InferBatchOutput output = await run.OutputAsync<InferBatchOutput>(instance);
        Assert.Equal((Images + 1, Images, 1), (output.Images, output.Succeeded, output.Failed));
        return await ReadAsync(storage);
    }

    /// <summary>Publishes a model whose uncertainty differs from image to image.</summary>
    private static async Task PublishAsync(PipelineStorage storage, string work)
    {
        using var folder = new TemporaryFolder(work);
        byte[] model = TinyOnnxModel.Uncertain(ModelExamples.Schema, [30, 40, 60, 40, 48, 60], [0.01f, 0.02f, 0.04f]);
        await File.WriteAllBytesAsync(folder.File("model.onnx"), model, Cancel);
        var registry = new ModelRegistry(storage, TimeProvider.System);
        await registry.PublishAsync(ModelExamples.Manifest("20260101-000000-same", model), folder.File("model.onnx"), Cancel);
        await registry.PromoteAsync("20260101-000000-same", "test", Cancel);
    }

    /// <summary>Uploads the good drawings again and again, the broken one once, and a file that is no image.</summary>
    private static async Task UploadAsync(PipelineStorage storage, string drawn)
    {
        string[] good = [.. Directory.EnumerateFiles(drawn).Where(file => Path.GetFileName(file) != DrawnInputs.BrokenImage).Order(StringComparer.Ordinal)];
        await Parallel.ForAsync(0, Images, Cancel, async (image, token) =>
        {
            string file = good[image % good.Length];
            await storage.Blob(BlobLayout.Images, $"{Batch}/{image / 100:00}/{image:0000}{Path.GetExtension(file)}").UploadAsync(file, token);
        });
        await storage.Blob(BlobLayout.Images, $"{Batch}/05/{DrawnInputs.BrokenImage}").UploadAsync(Path.Combine(drawn, DrawnInputs.BrokenImage), Cancel);
        await storage.Blob(BlobLayout.Images, $"{Batch}/notes.txt").UploadAsync(BinaryData.FromString("no image"), Cancel);
    }

    private static async Task<SortedDictionary<string, BinaryData>> ReadAsync(PipelineStorage storage)
    {
        var files = new SortedDictionary<string, BinaryData>(StringComparer.Ordinal);
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Results, $"{Batch}/", Cancel))
        {
            string name = blob.Name[(Batch.Length + 1)..];
            files.Add(name, WithoutTimes(name, (await storage.Blob(BlobLayout.Results, blob.Name).DownloadContentAsync(Cancel)).Value.Content));
        }

        return files;
    }

    private static BinaryData WithoutTimes(string name, BinaryData content)
    {
        if (name == ResultFiles.Summary)
        {
            JsonObject summary = JsonNode.Parse(content)!.AsObject();
            foreach (string time in (string[])["startedAt", "finishedAt", "seconds"])
                Assert.True(summary.Remove(time), time);
            return BinaryData.FromString(summary.ToJsonString());
        }

        return name == ResultFiles.Report ? BinaryData.FromString(ReportTimes.Replace(content.ToString(), "")) : content;
    }

    [GeneratedRegex("<dt>Time</dt><dd>[^<]*</dd>|[0-9]+ [A-Z][a-z]+ [0-9]{4}, [0-9:]{5} UTC", RegexOptions.NonBacktracking)]
    private static partial Regex ReportTimes { get; }
}
