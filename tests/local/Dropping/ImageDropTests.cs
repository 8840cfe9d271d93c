using System.IO.Compression;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Dropping;

/// <summary>A batch is what was dropped this time.</summary>
public sealed class ImageDropTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drops");
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_dropped_again_lists_only_the_images_that_are_in_it_and_deletes_nothing()
    {
        string week = await WriteAsync("week", "a.png", "b.JPE", "sub/c.jfif", "notes.txt");
        DroppedItem first = await DropAsync(week);
        Assert.Equal(["a.png", "b.JPE", "sub/c.jfif"], await ListedAsync("week"));
        Assert.Equal(["Passed over, because they are no images by name: notes.txt."], first.LeftOut);

        File.Delete(Path.Combine(week, "a.png"));
        Directory.Delete(Path.Combine(week, "sub"), recursive: true);
        DroppedItem again = await DropAsync(week);

        Assert.Equal(["b.JPE"], await ListedAsync("week"));
        Assert.Equal(("week", 1), (again.Name, again.Files));
        Assert.NotEqual(first.InstanceId, again.InstanceId);
        Assert.Equal(["week/_READY", "week/a.png", "week/b.JPE", "week/sub/c.jfif"], await BlobsAsync());
    }

    [Fact]
    public async Task A_folder_takes_its_settings_along_and_a_stated_finder_belongs_to_this_drop_only()
    {
        string week = await WriteAsync("week", "a.png", "keypoints.json");

        DroppedItem item = await new Dropper(_storage) { Finder = FinderKind.Whole }.DropAsync(week, name: null, progress: null, Cancel);
        string? stated = Assert.Single(await BatchDrop.FindLatestAsync(_storage, "week", Cancel)).Finder;
        await DropAsync(week);

        Assert.Equal(["a.png", "keypoints.json"], await ListedAsync("week"));
        Assert.Empty(item.LeftOut);
        Assert.Equal("whole", stated);
        Assert.Null(Assert.Single(await BatchDrop.FindLatestAsync(_storage, "week", Cancel)).Finder);
    }

    [Fact]
    public async Task The_instance_id_is_that_of_the_event_of_the_marker()
    {
        DroppedItem item = await DropAsync(await WriteAsync("week", "a.png"));
        Assert.Equal(InstanceIds.Batch("week", (await _storage.FindETagAsync(BlobLayout.Images, "week/_READY", Cancel)).ToString()!), item.InstanceId);
    }

    [Fact]
    public async Task Single_images_that_share_a_stem_are_batches_of_their_own_and_each_dropped_again_replaces_its_own()
    {
        string folder = await WriteAsync("files", "face.jpg", "face.png", "face.webp", "face-2.png");
        string Image(string name) => Path.Combine(folder, name);

        Assert.Equal("face", (await DropAsync(Image("face.jpg"))).Name);
        Assert.Equal("face-2", (await DropAsync(Image("face.png"))).Name);
        Assert.Equal("face-3", (await DropAsync(Image("face.webp"))).Name);
        Assert.Equal("face-2-2", (await DropAsync(Image("face-2.png"))).Name);
        Assert.Equal("face", (await DropAsync(Image("face.jpg"))).Name);
        Assert.Equal("face-2", (await DropAsync(Image("face.png"))).Name);

        Assert.Equal(["face.png"], await ListedAsync("face-2"));
        Assert.Equal(["face.jpg"], await ListedAsync("face"));
    }

    [Fact]
    public async Task A_single_image_does_not_take_the_name_of_a_folder_or_zip_that_was_dropped()
    {
        string folder = await WriteAsync("files", "week.png", "month.png", "year.png", "day.png");
        await DropAsync(await WriteAsync("week", "week.png", "b.png"));
        await _storage.Blob(BlobLayout.Images, "month.zip").UploadAsync(BinaryData.FromString("a zip"), Cancel);
        await _storage.Blob(BlobLayout.Images, "year/other.png").UploadAsync(BinaryData.FromString("another tool's"), Cancel);
        await _storage.Blob(BlobLayout.Images, "day/_READY").UploadAsync(BinaryData.FromBytes([0xFC]), Cancel);

        foreach (string name in (string[])["week", "month", "year", "day"])
            Assert.Equal($"{name}-2", (await DropAsync(Path.Combine(folder, $"{name}.png"))).Name);
    }

    [Fact]
    public async Task A_single_image_that_an_earlier_version_dropped_or_that_was_interrupted_is_replaced()
    {
        string folder = await WriteAsync("files", "old.png", "stopped.png");
        await _storage.Blob(BlobLayout.Images, "old/old.png").UploadAsync(BinaryData.FromString("old"), Cancel);
        await _storage.Blob(BlobLayout.Images, "old/_READY").UploadAsync(BinaryData.Empty, Cancel);
        await _storage.Blob(BlobLayout.Images, "stopped/stopped.png").UploadAsync(BinaryData.FromString("half"), Cancel);

        Assert.Equal("old", (await DropAsync(Path.Combine(folder, "old.png"))).Name);
        Assert.Equal("stopped", (await DropAsync(Path.Combine(folder, "stopped.png"))).Name);
    }

    [Fact]
    public async Task A_stated_name_is_the_batch_and_is_replaced()
    {
        string folder = await WriteAsync("files", "a.png", "b.png");
        await DropAsync(Path.Combine(folder, "a.png"), "people");

        Assert.Equal("people", (await DropAsync(Path.Combine(folder, "b.png"), "people")).Name);

        Assert.Equal(["b.png"], await ListedAsync("people"));
    }

    [Fact]
    public async Task Images_of_one_stem_that_are_dropped_at_the_same_time_are_batches_of_their_own()
    {
        string[] names = ["face.jpg", "face.png", "face.webp", "face.bmp"];
        string folder = await WriteAsync("files", names);

        DroppedItem[] items = await Task.WhenAll(names.Select(name => DropAsync(Path.Combine(folder, name))));

        Assert.Equal(["face", "face-2", "face-3", "face-4"], items.Select(item => item.Name).Order(StringComparer.Ordinal));
        for (int i = 0; i < names.Length; i++)
            Assert.Equal([names[i]], await ListedAsync(items[i].Name));
    }

    [Fact]
    public async Task An_image_without_ending_is_dropped_by_its_content_and_a_format_that_is_not_read_is_named()
    {
        string folder = await WriteAsync("files", "notes");
        await File.WriteAllBytesAsync(Path.Combine(folder, "face"), [.. "P5 1 1 255\nA"u8], Cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "scan.tiff"), [.. "II*\0\u0008\0\0\0\0\0"u8], Cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, "moves.gif"), [.. "GIF89a\u0001\0\u0001\0\0\0\0"u8], Cancel);

        Assert.Equal(DroppedKind.Batch, (await DropAsync(Path.Combine(folder, "face"))).Kind);
        Assert.StartsWith("notes can be neither", (await RefusalAsync("notes")).Message, StringComparison.Ordinal);
        Assert.Equal("scan.tiff cannot be dropped: TIFF files are not supported; save the image as JPEG, PNG, WebP, BMP, PGM or PPM.", (await RefusalAsync("scan.tiff")).Message);
        Assert.StartsWith("moves.gif cannot be dropped: GIF files are not supported", (await RefusalAsync("moves.gif")).Message, StringComparison.Ordinal);

        Task<InvalidDataException> RefusalAsync(string name) => Assert.ThrowsAsync<InvalidDataException>(() => DropAsync(Path.Combine(folder, name)));
    }

    [Fact]
    public async Task A_folder_without_images_is_refused_with_what_it_holds()
    {
        string folder = await WriteAsync("notes", "a.txt", "b.txt", ".hidden.png");
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => DropAsync(folder));
        Assert.Contains("a.txt, b.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await BlobsAsync());
    }

    [Fact]
    public async Task A_zip_dropped_again_replaces_the_zip_and_comes_after_a_folder_of_the_same_name()
    {
        await DropAsync(await WriteAsync("week", "a.png"));
        string zip = _folder.File("week.zip");
        foreach (string name in (string[])["b.png", "c.png"])
        {
            File.Delete(zip);
            using (ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, Cancel))
                archive.CreateEntry(name);
            Assert.Equal("week", (await DropAsync(zip)).Name);
        }

        Assert.Equal(["week.zip", "week/_READY", "week/a.png"], await BlobsAsync());
        Assert.Contains(await BatchDrop.FindLatestAsync(_storage, "week", Cancel), drop => drop.IsZip);
    }

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> WriteAsync(string folder, params string[] names)
    {
        string path = _folder.File(folder);
        foreach (string file in names.Select(name => Path.Combine(path, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, file, Cancel);
        }

        return path;
    }

    private Task<DroppedItem> DropAsync(string path, string? name = null) => new Dropper(_storage).DropAsync(path, name, progress: null, Cancel);

    private Task<IReadOnlyCollection<string>?> ListedAsync(string batch) =>
        ReadyList.ReadAsync(_storage, BlobLayout.Images, $"{batch}/_READY", etag: null, Cancel);

    private async Task<List<string>> BlobsAsync() =>
        await _storage.ListAsync(BlobLayout.Images, prefix: null, Cancel).Select(blob => blob.Name).ToListAsync(Cancel);
}
