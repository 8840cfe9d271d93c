using System.IO.Compression;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Dropping;

public sealed class DropperTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_named_to_get_out_of_their_batch_are_left_out_and_told_and_the_others_dropped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await storage.Blob(BlobLayout.Models, BlobLayout.Champion).UploadAsync(BinaryData.FromString("the champion"), Cancel);
        using TemporaryFolder folder = TestFolder.Create("photos");
        string[] strange = [@"up\..\..\models\champion.json", "bell\u0007.png", @"sub\image.png"];
        foreach (string name in (string[])["good.png", "%2e%2e%2fgood.png", .. strange])
            await File.WriteAllTextAsync(folder.File(name), "an image", Cancel);

        DroppedItem item = await new Dropper(storage).DropAsync(folder.Path, "holiday", progress: null, Cancel);

        Assert.Equal(2, item.Files);
        Assert.Equal(
            ["holiday/%2e%2e%2fgood.png", "holiday/_READY", "holiday/good.png"], await ListAsync(storage, BlobLayout.Images));
        Assert.Equal([BlobLayout.Champion], await ListAsync(storage, BlobLayout.Models));
        Assert.Equal("the champion", (await storage.Blob(BlobLayout.Models, BlobLayout.Champion).DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Equal(strange.Length, item.LeftOut.Count);
        Assert.All(strange, name => Assert.Contains(item.LeftOut, line => line.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_labelled_file_takes_the_sidecar_beside_it_along_and_a_sidecar_can_follow()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("labelled");
        await File.WriteAllTextAsync(folder.File("a.csv"), "1", Cancel);
        await File.WriteAllTextAsync(folder.File("a.csv.keypoints.json"), "{}", Cancel);
        await File.WriteAllTextAsync(folder.File("b.csv.keypoints.json"), "{}", Cancel);
        var dropper = new Dropper(storage);

        DroppedItem both = await dropper.DropAsync(folder.File("a.csv"), name: null, progress: null, Cancel);
        string first = await ETagAsync("a.csv.keypoints.json");
        DroppedItem again = await dropper.DropAsync(folder.File("a.csv.keypoints.json"), name: null, progress: null, Cancel);
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(
            () => dropper.DropAsync(folder.File("b.csv.keypoints.json"), name: null, progress: null, Cancel));

        Assert.Equal((2, InstanceIds.Ingest("a.csv", await ETagAsync("a.csv"), first)), (both.Files, both.InstanceId));
        Assert.Equal(
            ("a.csv", InstanceIds.Ingest("a.csv", await ETagAsync("a.csv"), await ETagAsync("a.csv.keypoints.json"))), (again.Name, again.InstanceId));
        Assert.Equal("b.csv.keypoints.json belongs to b.csv, which was not dropped yet. Put both into one folder and drop b.csv.", refusal.Message);

        async Task<string> ETagAsync(string name) => (await storage.FindETagAsync(BlobLayout.Datasets, name, Cancel)).ToString()!;
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../datasets")]
    [InlineData("a/b")]
    [InlineData(@"..\datasets")]
    [InlineData("a\nb")]
    public async Task A_batch_name_that_would_lead_elsewhere_is_refused_before_anything_is_dropped(string name)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("photos");
        await File.WriteAllTextAsync(folder.File("a.png"), "an image", Cancel);
        using (ZipArchive zip = await ZipFile.OpenAsync(folder.File("b.zip"), ZipArchiveMode.Create, Cancel))
            zip.CreateEntry("a.png");

        foreach (string path in (string[])[folder.Path, folder.File("a.png"), folder.File("b.zip")])
        {
            var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new Dropper(storage).DropAsync(path, name, progress: null, Cancel));
            Assert.Contains("--name", refusal.Message, StringComparison.Ordinal);
        }

        foreach (string container in BlobLayout.Containers)
            Assert.Empty(await ListAsync(storage, container));
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("scan.tiff")]
    public async Task A_file_that_is_neither_labelled_data_nor_an_image_is_refused_with_what_can_be_dropped(string name)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("photos");
        await File.WriteAllTextAsync(folder.File(name), "text", Cancel);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new Dropper(storage).DropAsync(folder.File(name), name: null, progress: null, Cancel));

        Assert.Equal(
            $"{name} can be neither trained on nor predicted. Drop labelled data (.csv, .tsv, .csv.gz, .tsv.gz or .zip), an image "
            + "(.jpg, .jpeg, .jpe, .jfif, .jif, .png, .webp, .bmp, .dib, .pgm, .ppm, .pnm), or a folder or .zip of images.",
            refusal.Message);
    }

    [Theory]
    [InlineData("table.CSV", DroppedKind.Dataset)]
    [InlineData("table.csv.gz", DroppedKind.Dataset)]
    [InlineData("photo.JPEG", DroppedKind.Batch)]
    [InlineData("photo.bmp", DroppedKind.Batch)]
    [InlineData("photo.JPE", DroppedKind.Batch)]
    [InlineData("photo.jfif", DroppedKind.Batch)]
    public async Task A_single_file_is_what_its_ending_says(string name, DroppedKind kind)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("photos");
        await File.WriteAllTextAsync(folder.File(name), "content", Cancel);

        Assert.Equal(kind, (await new Dropper(storage).DropAsync(folder.File(name), name: null, progress: null, Cancel)).Kind);
    }

    [Fact]
    public async Task A_zip_with_a_table_is_a_dataset_and_one_whose_only_table_is_hidden_is_a_batch()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("photos");
        await ZipAsync(folder.File("labelled.zip"), "data/training.csv", "a.png");
        await ZipAsync(folder.File("people.zip"), "__MACOSX/._training.csv", "a.png");

        var dropper = new Dropper(storage);
        Assert.Equal(DroppedKind.Dataset, (await dropper.DropAsync(folder.File("labelled.zip"), name: null, progress: null, Cancel)).Kind);
        Assert.Equal(DroppedKind.Batch, (await dropper.DropAsync(folder.File("people.zip"), name: null, progress: null, Cancel)).Kind);

        static async Task ZipAsync(string path, params string[] entries)
        {
            using ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, Cancel);
            foreach (string entry in entries)
                zip.CreateEntry(entry);
        }
    }

    private static async Task<List<string>> ListAsync(PipelineStorage storage, string container)
    {
        var names = new List<string>();
        await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: Cancel))
            names.Add(blob.Name);
        return names;
    }
}
