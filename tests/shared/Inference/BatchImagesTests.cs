using System.IO.Compression;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
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

        using (BatchImageSet first = await _images.OpenAsync(plan, ["a", "b"], Cancel))
        using (BatchImageSet second = await _images.OpenAsync(plan, ["c"], Cancel))
        {
            Assert.Equal("a b c", string.Join(' ', await Task.WhenAll([.. first.Images.Concat(second.Images).Select(ReadAsync)])));
        }

        using BatchImageSet later = await _images.OpenAsync(plan, ["b", "gone"], Cancel);
        Assert.Equal("b", await ReadAsync(later.Images[0]));
        await Assert.ThrowsAsync<ImageRejectedException>(() => later.Images[1].OpenAsync(Cancel));
    }

    [Fact]
    public async Task A_batch_whose_own_name_starts_with_a_dot_has_images_and_hidden_files_in_it_are_left_out()
    {
        foreach (string name in (string[])["a.png", "sub/b.png", ".hidden", "sub/.DS_Store", "__MACOSX/a.png", "Thumbs.db", BlobLayout.ReadyMarker])
            await _storage.Blob(BlobLayout.Images, $".people/{name}").UploadAsync(BinaryData.FromString(name), Cancel);

        Assert.Equal(["a.png", "sub/b.png"], await _images.ListAsync(".people", "any", "batch-1", zip: false, Cancel));
    }

    [Fact]
    public async Task After_the_merge_nothing_of_a_zip_is_left_on_this_machine()
    {
        BatchPlan plan = await DropAsync(["same"]);

        _images.Forget(plan);

        Assert.Empty(Directory.EnumerateFiles(_folder.File("batches")));
        plan = await DropAsync(["same", "other"]);
        using BatchImageSet anew = await _images.OpenAsync(plan, ["other"], Cancel);
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

    private async Task<BatchPlan> DropAsync(IEnumerable<string> names)
    {
        await _storage.Blob(BlobLayout.Images, "zipped.zip").UploadAsync(BinaryData.FromBytes(Zip(names)), overwrite: true, Cancel);
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
