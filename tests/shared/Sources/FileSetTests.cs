using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Sources;

/// <summary>Sets of files that are not zips.</summary>
public sealed class FileSetTests(AzuriteFixture azurite)
{
    private static readonly string[] Dropped =
        ["b.csv", "a.csv", "sub folder/é ü.png", ".hidden", "sub folder/.DS_Store", "__MACOSX/a.csv", "Thumbs.db"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_single_file_is_a_set_of_itself_under_its_own_name()
    {
        var source = new DatasetSource("people/.a.csv", _ => Task.FromResult<Stream>(new MemoryStream([1, 2])), Length: 2);

        await using var set = new SingleFile(source);

        SetFile file = Assert.Single(set.Files);
        Assert.Equal((".a.csv", 2L, ".a.csv"), (file.Path, file.Length, set.Name));
        Assert.Same(file, set.Find(".a.csv"));
        Assert.Null(set.Find("people/.a.csv"));
        Assert.Equal(2, (await file.OpenAsync(Cancel)).Length);
    }

    [Fact]
    public async Task A_folder_holds_its_files_and_those_of_its_subfolders_without_hidden_files()
    {
        using TemporaryFolder parent = TestFolder.Create("set");
        string folder = parent.File(".faces");
        foreach (string name in Dropped)
        {
            string path = Path.Combine([folder, .. name.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, name, Cancel);
        }

        await using FolderFileSet set = FolderFileSet.Open(folder + Path.DirectorySeparatorChar);

        Assert.Equal(".faces", set.Name);
        await AssertHoldsAsync(set);
    }

    [Fact]
    public async Task A_file_of_a_folder_that_is_gone_is_rejected_and_the_others_are_read()
    {
        using TemporaryFolder folder = TestFolder.Create("set");
        await File.WriteAllTextAsync(folder.File("a.csv"), "a.csv", Cancel);
        await File.WriteAllTextAsync(folder.File("b.csv"), "b.csv", Cancel);
        await using FolderFileSet set = FolderFileSet.Open(folder.Path);
        File.Delete(folder.File("a.csv"));

        RejectedFileException error = await Assert.ThrowsAsync<RejectedFileException>(() => set.Find("a.csv")!.OpenAsync(Cancel));

        Assert.StartsWith("The file cannot be opened: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("b.csv", await ReadAsync(set.Find("b.csv")!));
    }

    [Theory]
    [InlineData(BlobReading.Once)]
    [InlineData(BlobReading.AnyOrder)]
    public async Task Blobs_below_a_prefix_are_a_set_without_marker_and_hidden_files(BlobReading reading)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        foreach (string name in (string[])[.. Dropped, BlobLayout.ReadyMarker])
            await storage.Blob(BlobLayout.Datasets, $"people/.faces/{name}").UploadAsync(BinaryData.FromString(name), Cancel);
        await storage.Blob(BlobLayout.Datasets, "people/.faces2/c.csv").UploadAsync(BinaryData.FromString("c"), Cancel);

        await using BlobFileSet set = await BlobFileSet.ListAsync(storage, BlobLayout.Datasets, "people/.faces/", reading, Cancel);

        Assert.Equal(".faces", set.Name);
        await AssertHoldsAsync(set);
        Assert.Equal(reading == BlobReading.AnyOrder, (await set.Files[0].OpenAsync(Cancel)).CanSeek);
    }

    [Fact]
    public async Task Named_blobs_are_a_set_and_a_missing_one_says_so_when_it_is_opened()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await storage.Blob(BlobLayout.Images, "people/a.png").UploadAsync(BinaryData.FromString("a.png"), Cancel);

        await using BlobFileSet set = BlobFileSet.Of(storage, BlobLayout.Images, "people/", ["gone.png", "a.png", "../evil.png"], BlobReading.Once);

        Assert.Equal(["../evil.png", "a.png", "gone.png"], set.Files.Select(file => file.Path));
        Assert.Equal("a.png", await ReadAsync(set.Find("a.png")!));
        Assert.Equal(
            "The file is not in storage: it was deleted after it was dropped, or never uploaded. Drop it again.",
            (await Assert.ThrowsAsync<RejectedFileException>(() => set.Find("gone.png")!.OpenAsync(Cancel))).Message);
        Assert.Equal(
            "The file's name has a part '..'. Upload it under another name.",
            (await Assert.ThrowsAsync<RejectedFileException>(() => set.Find("../evil.png")!.OpenAsync(Cancel))).Message);
    }

    private static async Task AssertHoldsAsync(FileSet set)
    {
        Assert.Equal(["a.csv", "b.csv", "sub folder/é ü.png"], set.Files.Select(file => file.Path));
        foreach (SetFile file in set.Files)
        {
            Assert.Equal(file.Path, await ReadAsync(file));
            Assert.Equal(Encoding.UTF8.GetByteCount(file.Path), file.Length);
        }
    }

    private static async Task<string> ReadAsync(SetFile file)
    {
        using var reader = new StreamReader(await file.OpenAsync(Cancel));
        return await reader.ReadToEndAsync(Cancel);
    }
}
