using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ModelCacheTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StorageFault.LostAnswer)]
    [InlineData(StorageFault.Silence)]
    public async Task A_model_that_could_not_be_fetched_is_fetched_anew_for_the_next_who_asks(StorageFault fault)
    {
        using TemporaryFolder folder = TestFolder.Create("models");
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        var schema = new KeypointSchema(["nose"], 8, 8);
        await ModelExamples.PublishChampionAsync(account.Storage, "v1", schema, Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(account, Cancel);
        proxy.Plan = new OneFault(1, fault).Choose;
        var models = new ModelRegistry(proxy.Open(retries: 0, silence: TimeSpan.FromSeconds(3)), TimeProvider.System);
        using var cache = new ModelCache(models, new WorkFolder(folder.Path));

        await Assert.ThrowsAnyAsync<Exception>(() => cache.OpenAsync("v1", Cancel));
        using Lease<KeypointModel> lease = await cache.OpenAsync("v1", Cancel);

        Assert.Equal(schema, lease.Value.Schema);
    }

    [Fact]
    public async Task Only_the_files_of_a_few_versions_stay_on_this_machine()
    {
        using TemporaryFolder folder = TestFolder.Create("models");
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var schema = new KeypointSchema(["nose"], 8, 8);
        var work = new WorkFolder(folder.Path);
        using var cache = new ModelCache(new ModelRegistry(storage, TimeProvider.System), work);
        for (int version = 1; version <= 6; version++)
        {
            await ModelExamples.PublishChampionAsync(storage, $"v{version}", schema, Cancel);
            (await cache.OpenAsync($"v{version}", Cancel)).Dispose();
            Assert.InRange(Directory.GetFiles(work.Models).Length, 1, 3);
            Assert.True(File.Exists(Path.Combine(work.Models, $"v{version}.onnx")));
        }

        using Lease<KeypointModel> first = await cache.OpenAsync("v1", Cancel);

        Assert.Equal(schema, first.Value.Schema);
        Assert.Equal(3, Directory.GetFiles(work.Models).Length);
    }
}
