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
    private static readonly string Labelled = $"nose_x,nose_y,Image\n1,2,{string.Join(' ', Enumerable.Range(0, 64))}\n";

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
    public async Task A_zip_of_pictures_is_a_dataset_only_if_it_holds_labels_that_are_read()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("photos");
        await ZipAsync(folder.File("labelled.zip"), ("data/training.csv", Labelled), ("a.png", ""));
        await ZipAsync(folder.File("people.zip"), ("__MACOSX/._training.csv", Labelled), ("a.png", ""));
        await ZipAsync(folder.File("photos.zip"), ("notes.csv", "file,remark\na.png,good\n"), ("a.png", ""));
        await ZipAsync(folder.File("voc.zip"), ("a.xml", "<annotation><folder>x</folder>"), ("a.png", ""));

        var dropper = new Dropper(storage);
        Assert.Equal(DroppedKind.Dataset, (await dropper.DropAsync(folder.File("labelled.zip"), name: null, progress: null, Cancel)).Kind);
        Assert.Equal(DroppedKind.Batch, (await dropper.DropAsync(folder.File("people.zip"), name: null, progress: null, Cancel)).Kind);
        Assert.Equal(DroppedKind.Batch, (await dropper.DropAsync(folder.File("photos.zip"), name: null, progress: null, Cancel)).Kind);
        DroppedItem foreign = await dropper.DropAsync(folder.File("voc.zip"), name: null, progress: null, Cancel);
        Assert.Equal(DroppedKind.Batch, foreign.Kind);
        Assert.Contains("a.xml is Pascal VOC's XML. It is not read.", Assert.Single(foreign.LeftOut), StringComparison.Ordinal);

        static async Task ZipAsync(string path, params (string Name, string Content)[] entries)
        {
            await using ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, Cancel);
            foreach ((string name, string content) in entries)
            {
                await using var writer = new StreamWriter(await zip.CreateEntry(name).OpenAsync(Cancel));
                await writer.WriteAsync(content);
            }
        }
    }

    [Fact]
    public async Task A_folder_with_one_labelled_table_gives_that_table_and_its_sidecar_under_the_folders_name()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("labelled");
        Directory.CreateDirectory(folder.File("anna/data"));
        await File.WriteAllTextAsync(folder.File("anna/data/labels.csv"), Labelled, Cancel);
        await File.WriteAllTextAsync(folder.File("anna/keypoints.json"), "{}", Cancel);
        await File.WriteAllTextAsync(folder.File("anna/IdLookupTable.csv"), "RowId,ImageId,FeatureName\n1,1,nose_x\n", Cancel);

        DroppedItem item = await new Dropper(storage).DropAsync(folder.File("anna"), name: null, progress: null, Cancel);

        Assert.Equal((DroppedKind.Dataset, "anna/data/labels.csv", 2), (item.Kind, item.Name, item.Files));
        Assert.Equal(["anna/data/labels.csv", "anna/data/labels.csv.keypoints.json"], await ListAsync(storage, BlobLayout.Datasets));
        Assert.Equal(await InstanceAsync(storage, item.Name, "anna/data/labels.csv", "anna/data/labels.csv.keypoints.json"), item.InstanceId);
    }

    [Fact]
    public async Task A_folder_whose_labels_need_other_files_is_completed_by_its_marker()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("labelled");
        Directory.CreateDirectory(folder.File("faces"));
        await File.WriteAllTextAsync(folder.File("faces/facial_keypoints.csv"), "nose_x,nose_y\n1,2\n", Cancel);
        await File.WriteAllTextAsync(folder.File("faces/face_images.npz"), "whatever it holds", Cancel);
        await File.WriteAllTextAsync(folder.File("faces/notes.txt"), "notes", Cancel);

        DroppedItem item = await new Dropper(storage).DropAsync(folder.File("faces"), name: null, progress: null, Cancel);

        Assert.Equal((DroppedKind.Dataset, "faces/", 2), (item.Kind, item.Name, item.Files));
        Assert.Equal(["faces/_READY", "faces/face_images.npz", "faces/facial_keypoints.csv"], await ListAsync(storage, BlobLayout.Datasets));
        Assert.Equal(await InstanceAsync(storage, "faces/", "faces/_READY", sidecar: null), item.InstanceId);
        Assert.Equal(
            "facial_keypoints.csv\nface_images.npz\n", (await storage.Blob(BlobLayout.Datasets, "faces/_READY").DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task Labels_of_another_tool_are_named_when_a_folder_or_file_of_them_is_dropped()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        using TemporaryFolder folder = TestFolder.Create("labelled");
        await File.WriteAllTextAsync(folder.File("a.mat"), "MATLAB 5.0 MAT-file", Cancel);

        foreach (string path in (string[])[folder.Path, folder.File("a.mat")])
        {
            var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new Dropper(storage).DropAsync(path, name: null, progress: null, Cancel));
            Assert.Contains("a.mat is a MATLAB file. It is not read. These labels are read:", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<string> InstanceAsync(PipelineStorage storage, string path, string blob, string? sidecar) => InstanceIds.Ingest(
        path,
        $"{await storage.FindETagAsync(BlobLayout.Datasets, blob, Cancel)}",
        sidecar is null ? null : $"{await storage.FindETagAsync(BlobLayout.Datasets, sidecar, Cancel)}");

    private static async Task<List<string>> ListAsync(PipelineStorage storage, string container)
    {
        var names = new List<string>();
        await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: Cancel))
            names.Add(blob.Name);
        return names;
    }
}
