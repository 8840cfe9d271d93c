using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Sources.Zips;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

/// <summary>Batches listed page by page.</summary>
public sealed class BatchPageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task The_pages_of_a_folder_hold_each_image_once_in_order_whatever_their_size(int filesPerPage)
    {
        string[] names = ["B.png", "a.png", "a/1.png", "a/2.png", "notes.txt", "z", ".hidden", "b.jpg"];
        string marker = await DropAsync(names, "");
        var images = new BatchImages(_storage, filesPerPage);

        var listed = new List<string>();
        PassedOverFiles? passedOver = null;
        string? from = null;
        do
        {
            BatchPage page = await images.ListAsync("people", marker, zip: false, from, Cancel);
            Assert.InRange(page.Images.Count, 0, filesPerPage);
            Assert.Equal(page.Images.Count == 0, page.Emptiness is not null);
            listed.AddRange(page.Images.Select(image => image.Name));
            passedOver += page.PassedOver;
            from = page.Next;
        }
        while (from is not null);

        Assert.Equal(["B.png", "a.png", "a/1.png", "a/2.png", "b.jpg", "z"], listed);
        Assert.Equal(["notes.txt"], passedOver!.Names);
    }

    [Fact]
    public async Task A_marker_with_a_list_is_one_page_in_order_of_name()
    {
        string marker = await DropAsync(["a.png", "b.png", "c.png"], "c.png\n.hidden\na.png\nnotes.txt\n");

        BatchPage page = await new BatchImages(_storage, filesPerPage: 1).ListAsync("people", marker, zip: false, from: null, Cancel);

        Assert.Equal([new ListedImage("a.png"), new ListedImage("c.png")], page.Images);
        Assert.Equal(["notes.txt"], page.PassedOver!.Names);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task A_page_of_a_batch_that_was_dropped_again_since_the_page_before_is_refused()
    {
        string marker = await DropAsync(["a.png", "b.png"], "");
        var images = new BatchImages(_storage, filesPerPage: 1);
        BatchPage first = await images.ListAsync("people", marker, zip: false, from: null, Cancel);
        await DropAsync(["c.png"], "");

        PermanentStepException refusal = await Assert.ThrowsAsync<PermanentStepException>(
            () => images.ListAsync("people", marker, zip: false, first.Next!, Cancel));

        Assert.Contains("was dropped again before it was listed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_whose_own_name_starts_with_a_dot_has_images_and_hidden_files_in_it_are_left_out()
    {
        foreach (string name in (string[])["a.png", "sub/b.png", ".hidden", "sub/.DS_Store", "__MACOSX/a.png", "Thumbs.db"])
            await _storage.Blob(BlobLayout.Images, $".people/{name}").UploadAsync(BinaryData.FromString(name), Cancel);
        string marker = (await _storage.Blob(BlobLayout.Images, ".people/_READY").UploadAsync(BinaryData.Empty, Cancel)).Value.ETag.ToString();

        BatchPage page = await new BatchImages(_storage).ListAsync(".people", marker, zip: false, from: null, Cancel);

        Assert.Equal(["a.png", "sub/b.png"], page.Images.Select(image => image.Name));
    }

    [Fact]
    public void An_image_without_place_is_written_as_earlier_versions_read_it_and_one_with_place_is_read_again()
    {
        var place = new ZipPlace(HeaderAt: 5_000_000_000, PackedBytes: 7, Length: 9, Method: 8, Checksum: 4_000_000_000, Flags: 0x808);
        ListedImage[] images = [new("sub/a.png"), new("b.png", place)];

        string json = PipelineJson.Write(images);

        Assert.StartsWith("""["sub/a.png",{"name":"b.png","place":{"headerAt":5000000000,""", json, StringComparison.Ordinal);
        Assert.Equal(images, PipelineJson.Read<ListedImage[]>(json));
    }

    [Fact]
    public void Passed_over_files_of_two_pages_add_up()
    {
        PassedOverFiles first = PassedOverFiles.Of(Enumerable.Range(0, 8).Select(i => $"{i}"))!;
        PassedOverFiles second = PassedOverFiles.Of(Enumerable.Range(8, 8).Select(i => $"{i}"))!;

        PassedOverFiles sum = (first + second)!;

        Assert.Equal(16, sum.Files);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), sum.Names);
        Assert.Same(first, first + null);
        Assert.Same(second, null + second);
    }

    /// <summary>Uploads files and the marker.</summary>
    /// <returns>The marker's ETag.</returns>
    private async Task<string> DropAsync(string[] names, string list)
    {
        foreach (string name in names)
            await _storage.Blob(BlobLayout.Images, $"people/{name}").UploadAsync(BinaryData.FromString(name), overwrite: true, Cancel);
        return (await _storage.Blob(BlobLayout.Images, "people/_READY").UploadAsync(BinaryData.FromString(list), overwrite: true, Cancel)).Value.ETag.ToString();
    }
}
