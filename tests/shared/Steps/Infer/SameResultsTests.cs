using System.IO.Compression;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>The command predicts a folder into a folder, the steps predict blobs into blobs. Both give the same files.</summary>
public sealed class SameResultsTests(AzuriteFixture azurite)
{
    private const string Batch = "people";
    private const string Version = "v0";
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_and_a_batch_of_the_same_images_have_the_same_results_byte_for_byte(bool zip)
    {
        using TemporaryFolder folder = TestFolder.Create("same");
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await ModelExamples.PublishChampionAsync(storage, Version, Schema, Cancel);
        await DrawAsync(folder.File("images"));

        Dictionary<string, byte[]> ofFolder = await PredictFolderAsync(storage, folder);
        Dictionary<string, byte[]> ofBatch = await PredictBatchAsync(storage, folder, zip);

        Assert.Equal(ofFolder.Keys.Order(StringComparer.Ordinal), ofBatch.Keys.Order(StringComparer.Ordinal));
        Assert.Contains(ResultFiles.Csv, ofFolder.Keys);
        Assert.Contains(ofFolder.Keys, name => name.StartsWith("overlays/", StringComparison.Ordinal));
        Assert.All(ofFolder, file => Assert.True(file.Value.AsSpan().SequenceEqual(ofBatch[file.Key]), $"{file.Key} differs"));
    }

    /// <summary>Two chunks' worth of images, some of which cannot be read.</summary>
    private static async Task DrawAsync(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        for (int i = 0; i < 40; i++)
        {
            byte[] image = i % 9 == 4 ? [1, 2, 3] : TestImages.Encode(30 + i, 40, TestImages.Spot(8 + (i / 2.0), 12, 4), SKEncodedImageFormat.Png);
            await File.WriteAllBytesAsync(Path.Combine(folder, i % 3 == 0 ? "sub" : "", $"{i}.png"), image, Cancel);
        }
    }

    private static async Task<Dictionary<string, byte[]>> PredictFolderAsync(PipelineStorage storage, TemporaryFolder folder)
    {
        string modelFile = folder.File("model.onnx");
        await new ModelRegistry(storage, TimeProvider.System).DownloadAsync(Version, modelFile, Cancel);
        using KeypointModel model = KeypointModel.Open(modelFile);
        using ImageSet images = await ImageSet.OpenAsync(folder.File("images"), Cancel);
        string output = folder.File("results");
        await new FolderPrediction(model, new ImageDecoder(), new Finders(), new FolderResultStore(output), new FakeTimeProvider(Now), BatchShape.Default.ImagesPerSection)
            .PredictAsync(new BatchRun(Batch, Version, Schema, Now, LabelGaps.None), images.Images, progress: null, Cancel);
        return Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(output, file).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes);
    }

    /// <summary>Uploads the images as blobs with their marker, or as a zip.</summary>
    /// <returns>The ETag of the marker or the zip.</returns>
    private static async Task<string> DropAsync(PipelineStorage storage, TemporaryFolder folder, bool zip)
    {
        if (zip)
        {
            using var packed = new MemoryStream();
            await ZipFile.CreateFromDirectoryAsync(folder.File("images"), packed, Cancel);
            packed.Position = 0;
            return (await storage.Blob(BlobLayout.Images, $"{Batch}.zip").UploadAsync(packed, Cancel)).Value.ETag.ToString();
        }

        using ImageSet images = await ImageSet.OpenAsync(folder.File("images"), Cancel);
        foreach (ImageSource image in images.Images)
        {
            await using Stream content = await image.OpenAsync(Cancel);
            await storage.Blob(BlobLayout.Images, $"{Batch}/{image.Name}").UploadAsync(content, Cancel);
        }

        return (await storage.Blob(BlobLayout.Images, $"{Batch}/{BlobLayout.ReadyMarker}").UploadAsync(BinaryData.Empty, Cancel)).Value.ETag.ToString();
    }

    private static async Task<Dictionary<string, byte[]>> PredictBatchAsync(PipelineStorage storage, TemporaryFolder folder, bool zip)
    {
        string etag = await DropAsync(storage, folder, zip);
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Now))
            .AddSingleton(storage)
            .AddSingleton(new WorkFolder(folder.File("work")))
            .AddPipelineSteps()
            .BuildServiceProvider();
        BatchPlan plan = await services.GetRequiredService<PlanBatch>().RunAsync(new PlanBatchInput(Batch, etag, "batch-1", Version), Cancel);
        Assert.Equal(2, plan.Chunks);
        for (int chunk = 0; chunk < plan.Chunks; chunk++)
            await services.GetRequiredService<InferChunk>().RunAsync(new InferChunkInput(plan, chunk), Cancel);
        await services.GetRequiredService<MergeBatch>().RunAsync(plan, Cancel);

        var files = new Dictionary<string, byte[]>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Results).GetBlobsAsync(cancellationToken: Cancel))
        {
            Response<BlobDownloadResult> content = await storage.Blob(BlobLayout.Results, blob.Name).DownloadContentAsync(Cancel);
            files.Add(blob.Name[(Batch.Length + 1)..], content.Value.Content.ToArray());
        }

        return files;
    }
}
