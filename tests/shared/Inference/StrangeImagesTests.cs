using System.IO.Compression;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

/// <summary>Images whose names would lead out of their batch or archive.</summary>
public sealed class StrangeImagesTests(AzuriteFixture azurite)
{
    private static readonly KeypointSchema Schema = new(["nose"], 16, 16);

    private static readonly byte[] Image = TestImages.Encode(20, 20, (_, _) => SKColors.Gray, SKEncodedImageFormat.Png);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_whose_name_leads_out_of_its_container_is_a_failed_image_and_holds_up_no_other()
    {
        TestStorage test = await azurite.NewStorageAsync(Cancel);
        await test.Storage.Blob(BlobLayout.Images, "other/secret.png").UploadAsync(BinaryData.FromString("another batch's"), Cancel);
        await test.Storage.Blob(BlobLayout.Images, "holiday/good.png").UploadAsync(BinaryData.FromBytes(Image), Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "images/holiday/../other/secret.png", "x", Cancel);
        await RawBlobs.PutAsync(test.ConnectionString, "images/holiday/../../models/champion.png", "x", Cancel);
        var images = new BatchImages(test.Storage);

        string marker = (await test.Storage.Blob(BlobLayout.Images, "holiday/_READY").UploadAsync(BinaryData.Empty, Cancel)).Value.ETag.ToString();
        BatchPage page = await images.ListAsync("holiday", marker, zip: false, from: null, Cancel);
        var plan = new BatchPlan("holiday", marker, "batch-holiday-1", "v1", page.Images.Count, 1, 32, Zip: false, DateTimeOffset.UnixEpoch);
        using BatchImageSet set = await images.OpenAsync(plan, page.Images, DateTimeOffset.MaxValue, Cancel);

        Assert.Equal(["../../models/champion.png", "../other/secret.png", "good.png"], page.Images.Select(image => image.Name));
        foreach (ImageSource image in set.Images.Take(2))
        {
            var refusal = await Assert.ThrowsAsync<ImageRejectedException>(() => image.OpenAsync(Cancel));
            Assert.Contains("a part '..'", refusal.Message, StringComparison.Ordinal);
        }

        await using Stream good = await set.Images[2].OpenAsync(Cancel);
        Assert.Equal(Image[0], good.ReadByte());
    }

    [Fact]
    public async Task Whatever_the_entries_of_an_archive_are_named_results_are_the_usual_files_in_their_folder()
    {
        using TemporaryFolder folder = TestFolder.Create("archive");
        string[] names = [.. StrangeNames.Some(60).Concat(["../../escaped.png", "/escaped.png", @"C:\escaped.png", @"..\..\escaped.png", "overlays/../../escaped.png"])
            .Where(name => name.Length is > 0 and <= 300 && ImageNames.IsMeantAsImage(name)).Distinct(StringComparer.Ordinal)];
        string zip = folder.File("evil.zip");
        using (ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, Cancel))
        {
            foreach (string name in names)
            {
                await using Stream entry = await archive.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(Cancel);
                await entry.WriteAsync(Image, Cancel);
            }
        }

        string model = folder.File("model.onnx");
        await File.WriteAllBytesAsync(model, TinyOnnxModel.Constant(Schema, 8, 8), Cancel);
        int succeeded = await PredictAsync(model, zip, folder.File("deep/below/results"));

        Assert.InRange(succeeded, 50, names.Length);
        string[] files = [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["deep/below/results/chunk.jsonl", .. files.Where(file => file.StartsWith("deep/below/results/overlays/", StringComparison.Ordinal)), "evil.zip", "model.onnx"],
            files);
        Assert.Equal(succeeded, files.Length - 3);
    }

    private static async Task<int> PredictAsync(string model, string zip, string output)
    {
        using KeypointModel opened = KeypointModel.Open(model);
        using ImageSet images = await ImageSet.OpenAsync(zip, Cancel);
        var store = new FolderResultStore(output);
        await using StagedFile lines = store.Create("chunk.jsonl");
        ChunkTotals totals = await new ChunkPredictor(opened, new ImageDecoder(), new StatedPlaces(FinderKind.Whole), store, images.Images.Count)
            .PredictAsync(images.Images, firstIndex: 0, lines.Stream, progress: null, Cancel);
        await lines.CommitAsync(Cancel);
        return totals.Succeeded;
    }
}
