using System.IO.Compression;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

/// <summary>Zips of images, from the drop to the bytes of an image. <see cref="BatchPageTests"/> has the listing of folders.</summary>
public sealed class BatchImagesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private PipelineStorage _storage = null!;
    private BatchImages _images = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _images = new BatchImages(_storage);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_images_of_a_zip_are_read_at_their_places()
    {
        BatchPlan plan = await DropAsync(["b", "a", "c"]);
        ListedImage[] listed = await ListedAsync(plan);

        using BatchImageSet first = await _images.OpenAsync(plan, listed[..2], DateTimeOffset.MaxValue, Cancel);
        using BatchImageSet second = await _images.OpenAsync(plan, listed[2..], DateTimeOffset.MaxValue, Cancel);

        Assert.All(listed, image => Assert.NotNull(image.Place));
        Assert.Equal("a b c", string.Join(' ', await Task.WhenAll([.. first.Images.Concat(second.Images).Select(ReadAsync)])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_zip_that_is_replaced_or_deleted_while_its_chunks_are_predicted_gives_no_image_of_another_zip(bool replaced)
    {
        BatchPlan plan = await DropAsync(["a", "b"]);
        ListedImage[] listed = await ListedAsync(plan);
        using BatchImageSet opened = await _images.OpenAsync(plan, listed, DateTimeOffset.MaxValue, Cancel);
        if (replaced)
            await _storage.Blob(BlobLayout.Images, "zipped.zip").UploadAsync(BinaryData.FromBytes(Zip(["a", "b"])), overwrite: true, Cancel);
        else
            await _storage.Blob(BlobLayout.Images, "zipped.zip").DeleteAsync(cancellationToken: Cancel);

        foreach (ImageSource image in opened.Images)
        {
            PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => image.OpenAsync(Cancel));
            Assert.Equal("images/zipped.zip was replaced or deleted after its batch was started. A newer zip has its own instance.", error.Message);
        }
    }

    [Fact]
    public async Task Files_of_a_batch_that_are_no_images_are_named_in_its_plan()
    {
        BatchPlan plan = await DropAsync(["a.png", "README.txt", "labels.csv"]);

        Assert.Equal(1, plan.Images);
        Assert.Equal(["README.txt", "labels.csv"], plan.PassedOver!.Names);
        Assert.Equal(plan, PipelineJson.Read<BatchPlan>(PipelineJson.Write(plan)) with { PassedOver = plan.PassedOver });
    }

    [Fact]
    public async Task A_batch_without_images_fails_with_what_it_holds()
    {
        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => DropAsync(["a.zip"]));

        Assert.Equal("zipped.zip holds no images itself, but zips: a.zip. Unpack them into one folder and use the folder.", error.Message);
    }

    [Fact]
    public async Task A_zip_that_cannot_be_read_fails_its_batch_with_the_reason()
    {
        PermanentStepException error = await Assert.ThrowsAsync<PermanentStepException>(() => DropAsync(Zip(["a.png"])[..^30]));

        Assert.Equal(
            "images/zipped.zip cannot be read: zipped.zip is cut short: its list of files, which comes last, is missing. Copy or zip it again.", error.Message);
    }

    [Fact]
    public async Task Lists_of_chunks_that_an_earlier_version_wrote_still_find_their_images()
    {
        byte[] zip = RawZip.Write(
            [new([.. "Gr"u8, 0x81, .. "n.png"u8], "1"u8.ToArray()), new(@"p\a.png", "2"u8.ToArray()), new("README.txt", "3"u8.ToArray())]);
        BatchPlan plan = await DropAsync(zip);
        ListedImage[] listed = PipelineJson.Read<ListedImage[]>("""["p\\a.png", "Gr\uFFFDn.png", "README.txt", "gone.png"]""");

        using BatchImageSet set = await _images.OpenAsync(plan, listed, DateTimeOffset.MaxValue, Cancel);

        Assert.Equal([@"p\a.png", "Gr\uFFFDn.png", "README.txt", "gone.png"], set.Images.Select(image => image.Name));
        Assert.Equal("2 1 3", string.Join(' ', await Task.WhenAll([.. set.Images.Take(3).Select(ReadAsync)])));
        await Assert.ThrowsAsync<ImageRejectedException>(() => set.Images[3].OpenAsync(Cancel));
    }

    [Theory]
    [InlineData(33, 2)]
    [InlineData(1_000, 16)]
    [InlineData(4_096, 16)]
    [InlineData(4_097, 17)]
    public async Task A_batch_is_cut_into_at_most_16_chunks_unless_they_are_full(int images, int chunks)
    {
        BatchPlan plan = await DropAsync(Enumerable.Range(0, images).Select(i => $"{i}"));
        Assert.Equal((images, chunks), (plan.Images, plan.Chunks));
    }

    private Task<BatchPlan> DropAsync(IEnumerable<string> names) => DropAsync(Zip(names));

    private async Task<BatchPlan> DropAsync(byte[] zip)
    {
        await _storage.Blob(BlobLayout.Images, "zipped.zip").UploadAsync(BinaryData.FromBytes(zip), overwrite: true, Cancel);
        string etag = (await _storage.FindETagAsync(BlobLayout.Images, "zipped.zip", Cancel))!.Value.ToString();
        return await new PlanBatch(_storage, _images, new ModelRegistry(_storage, TimeProvider.System), TimeProvider.System)
            .RunAsync(new PlanBatchInput("zipped", etag, "batch-zipped-1", "v1"), Cancel);
    }

    private async Task<ListedImage[]> ListedAsync(BatchPlan plan) =>
        (await _storage.ReadAsync<ListedImage[]>(BlobLayout.Results, BatchWork.ChunkNames(plan, 0), Cancel))!.Value;

    /// <summary>Each file holds its own name.</summary>
    private static byte[] Zip(IEnumerable<string> names)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in names)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(name);
            }
        }

        return file.ToArray();
    }

    private static async Task<string> ReadAsync(ImageSource image)
    {
        using var reader = new StreamReader(await image.OpenAsync(Cancel));
        return await reader.ReadToEndAsync(Cancel);
    }
}
