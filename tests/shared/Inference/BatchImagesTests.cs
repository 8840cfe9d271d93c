using System.IO.Compression;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

public sealed class BatchImagesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFolder.Create("zip");
    private PipelineStorage _storage = null!;
    private BatchImages _images = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _images = new BatchImages(_storage, new WorkFolder(_folder.Path));
    }

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_zip_is_fetched_and_listed_once_however_many_chunks_read_it()
    {
        BatchPlan plan = await DropAsync(["b", "a", "c"]);
        // Whoever fetched or opened it again would find nothing.
        await _storage.Blob(BlobLayout.Images, "zipped.zip").DeleteAsync(cancellationToken: Cancel);
        File.Delete(Assert.Single(Directory.EnumerateFiles(_folder.File("batches"))));

        using (BatchImageSet first = await _images.OpenAsync(plan, ["a", "b"], DateTimeOffset.MaxValue, Cancel))
        using (BatchImageSet second = await _images.OpenAsync(plan, ["c"], DateTimeOffset.MaxValue, Cancel))
        {
            Assert.Equal("a b c", string.Join(' ', await Task.WhenAll([.. first.Images.Concat(second.Images).Select(ReadAsync)])));
        }

        using BatchImageSet later = await _images.OpenAsync(plan, ["b", "gone"], DateTimeOffset.MaxValue, Cancel);
        Assert.Equal("b", await ReadAsync(later.Images[0]));
        await Assert.ThrowsAsync<ImageRejectedException>(() => later.Images[1].OpenAsync(Cancel));
    }

    [Fact]
    public async Task A_batch_whose_own_name_starts_with_a_dot_has_images_and_hidden_files_in_it_are_left_out()
    {
        foreach (string name in (string[])["a.png", "sub/b.png", ".hidden", "sub/.DS_Store", "__MACOSX/a.png", "Thumbs.db"])
            await _storage.Blob(BlobLayout.Images, $".people/{name}").UploadAsync(BinaryData.FromString(name), Cancel);
        string marker = (await _storage.Blob(BlobLayout.Images, ".people/_READY").UploadAsync(BinaryData.Empty, Cancel)).Value.ETag.ToString();

        Assert.Equal(["a.png", "sub/b.png"], (await _images.ListAsync(".people", marker, "batch-1", zip: false, Cancel)).Names);
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

        using BatchImageSet set = await _images.OpenAsync(plan, [@"p\a.png", "Gr\uFFFDn.png", "README.txt"], DateTimeOffset.MaxValue, Cancel);

        Assert.Equal([@"p\a.png", "Gr\uFFFDn.png", "README.txt"], set.Images.Select(image => image.Name));
        Assert.Equal("2 1 3", string.Join(' ', await Task.WhenAll([.. set.Images.Select(ReadAsync)])));
    }

    [Fact]
    public async Task After_the_merge_nothing_of_a_zip_is_left_on_this_machine()
    {
        BatchPlan plan = await DropAsync(["same"]);

        _images.Forget(plan);

        Assert.Empty(Directory.EnumerateFiles(_folder.File("batches")));
        plan = await DropAsync(["same", "other"]);
        using BatchImageSet anew = await _images.OpenAsync(plan, ["other"], DateTimeOffset.MaxValue, Cancel);
        Assert.Equal("other", await ReadAsync(anew.Images[0]));
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
        return await new PlanBatch(_storage, _images, TimeProvider.System)
            .RunAsync(new PlanBatchInput("zipped", etag, "batch-zipped-1", "v1"), Cancel);
    }

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
