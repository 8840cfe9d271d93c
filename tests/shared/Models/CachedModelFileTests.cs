using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

/// <summary>A published model as it lies on this machine.</summary>
public sealed class CachedModelFileTests(AzuriteFixture azurite)
{
    private static readonly byte[] Model = TinyOnnxModel.Constant(ModelExamples.Schema, 1, 2, 3, 4, 5, 6);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_was_damaged_on_this_machine_is_brought_again()
    {
        using TemporaryFolder folder = TestFolder.Create("cache");
        var work = new WorkFolder(folder.Path);
        (PipelineStorage _, ModelRegistry registry) = await PublishAsync(folder);
        using (var first = new ModelCache(registry, work))
            (await first.OpenAsync("v1", Cancel)).Dispose();
        string cached = Assert.Single(Directory.GetFiles(work.Models));
        await File.WriteAllBytesAsync(cached, Model[..100], Cancel);

        using var second = new ModelCache(registry, work);
        using Lease<KeypointModel> lease = await second.OpenAsync("v1", Cancel);

        Assert.Equal(ModelExamples.Schema, lease.Value.Schema);
        Assert.Equal(Model, await File.ReadAllBytesAsync(cached, Cancel));
    }

    [Fact]
    public async Task A_model_that_was_changed_after_it_was_published_is_never_opened()
    {
        using TemporaryFolder folder = TestFolder.Create("cache");
        (PipelineStorage storage, ModelRegistry registry) = await PublishAsync(folder);
        byte[] other = TinyOnnxModel.Constant(ModelExamples.Schema, 6, 5, 4, 3, 2, 1);
        await storage.Blob(BlobLayout.Models, "v1/model.onnx").UploadAsync(BinaryData.FromBytes(other), overwrite: true, Cancel);
        using var cache = new ModelCache(registry, new WorkFolder(folder.Path));

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => cache.OpenAsync("v1", Cancel));

        Assert.Matches("^models/v1/model.onnx has SHA-256 [0-9a-f]{64}, but its manifest says [0-9a-f]{64}: it was changed after it was published.$", error.Message);
    }

    [Fact]
    public async Task A_model_that_is_gone_is_named()
    {
        using TemporaryFolder folder = TestFolder.Create("cache");
        (PipelineStorage storage, ModelRegistry registry) = await PublishAsync(folder);
        await storage.Blob(BlobLayout.Models, "v1/model.onnx").DeleteAsync(cancellationToken: Cancel);
        using var cache = new ModelCache(registry, new WorkFolder(folder.Path));

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => cache.OpenAsync("v1", Cancel));

        Assert.Equal("models/v1/model.onnx is missing, although its manifest exists.", error.Message);
    }

    private async Task<(PipelineStorage Storage, ModelRegistry Registry)> PublishAsync(TemporaryFolder folder)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var registry = new ModelRegistry(storage, TimeProvider.System);
        await File.WriteAllBytesAsync(folder.File("model.onnx"), Model, Cancel);
        await registry.PublishAsync(ModelExamples.Manifest("v1", Model), folder.File("model.onnx"), Cancel);
        return (storage, registry);
    }
}
