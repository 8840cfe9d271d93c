using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ModelRegistryTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_version_can_be_listed_found_and_downloaded_byte_for_byte()
    {
        using var folder = TestFolder.Create("registry");
        ModelRegistry registry = await NewRegistryAsync();
        await PublishAsync(registry, folder, "20260101-000000-aaaaaaaa", [1, 2, 3]);
        await PublishAsync(registry, folder, "20260102-000000-bbbbbbbb", [4, 5]);

        IReadOnlyList<ModelManifest> versions = await registry.ListAsync(Cancel);
        await registry.DownloadAsync("20260101-000000-aaaaaaaa", folder.File("back.onnx"), Cancel);

        Assert.Equal(["20260102-000000-bbbbbbbb", "20260101-000000-aaaaaaaa"], versions.Select(v => v.Version));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(folder.File("back.onnx"), Cancel));
        Assert.Null(await registry.FindAsync("../champion", Cancel));
    }

    [Fact]
    public async Task Publishing_twice_changes_nothing_and_other_content_under_the_version_is_refused()
    {
        using var folder = TestFolder.Create("registry");
        ModelRegistry registry = await NewRegistryAsync();
        await PublishAsync(registry, folder, "v1", [1]);
        await PublishAsync(registry, folder, "v1", [1]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(registry, folder, "v1", [2]));

        Assert.Contains("immutable", error.Message, StringComparison.Ordinal);
        Assert.Single(await registry.ListAsync(Cancel));
    }

    [Fact]
    public async Task A_file_that_is_not_the_manifests_is_never_published()
    {
        using var folder = TestFolder.Create("registry");
        ModelRegistry registry = await NewRegistryAsync();
        await File.WriteAllBytesAsync(folder.File("m.onnx"), [9], Cancel);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => registry.PublishAsync(ModelExamples.Manifest("v1", [1]), folder.File("m.onnx"), Cancel));

        Assert.Empty(await registry.ListAsync(Cancel));
    }

    [Fact]
    public async Task A_model_that_was_changed_in_storage_is_not_handed_out()
    {
        using var folder = TestFolder.Create("registry");
        TestStorage storage = await azurite.NewStorageAsync(Cancel);
        var registry = new ModelRegistry(storage.Storage, TimeProvider.System);
        await PublishAsync(registry, folder, "v1", [1]);
        await storage.Storage.Blob(BlobLayout.Models, "v1/model.onnx").UploadAsync(BinaryData.FromBytes([7]), overwrite: true, Cancel);

        await Assert.ThrowsAsync<InvalidDataException>(() => registry.DownloadAsync("v1", folder.File("back.onnx"), Cancel));

        Assert.False(File.Exists(folder.File("back.onnx")));
    }

    [Fact]
    public async Task A_model_that_was_changed_in_storage_is_not_promoted()
    {
        using var folder = TestFolder.Create("registry");
        TestStorage storage = await azurite.NewStorageAsync(Cancel);
        var registry = new ModelRegistry(storage.Storage, TimeProvider.System);
        await PublishAsync(registry, folder, "v1", [1]);
        await PublishAsync(registry, folder, "v2", [2]);
        await registry.PromoteAsync("v1", "first", Cancel);
        await storage.Storage.Blob(BlobLayout.Models, "v2/model.onnx").UploadAsync(BinaryData.FromBytes([7]), overwrite: true, Cancel);

        var byRule = await Assert.ThrowsAsync<InvalidDataException>(() => registry.TryPromoteAsync("v2", "v1", "better", Cancel));
        await Assert.ThrowsAsync<InvalidDataException>(() => registry.PromoteAsync("v2", "forced", Cancel));

        Assert.StartsWith("models/v2/model.onnx has SHA-256 ", byRule.Message, StringComparison.Ordinal);
        Assert.Equal("v1", (await registry.GetChampionAsync(Cancel))!.Version);
    }

    [Fact]
    public async Task Of_two_promotions_decided_against_the_same_champion_one_wins()
    {
        using var folder = TestFolder.Create("registry");
        ModelRegistry registry = await NewRegistryAsync();
        string[] versions = ["v0", "v1", "v2", "v3", "v4"];
        foreach (string version in versions)
            await PublishAsync(registry, folder, version, [(byte)version[1]]);
        Assert.True(await registry.TryPromoteAsync("v0", null, "first", Cancel));

        bool[] won = await Task.WhenAll(versions.Skip(1).Select(v => registry.TryPromoteAsync(v, "v0", "better", Cancel)));

        string winner = Assert.Single(versions.Skip(1).Where((_, i) => won[i]));
        ChampionPointer champion = (await registry.GetChampionAsync(Cancel))!;
        Assert.Equal((winner, "v0"), (champion.Version, champion.PreviousVersion));
    }

    [Fact]
    public async Task Any_version_can_be_promoted_by_hand_and_rolled_back()
    {
        using var folder = TestFolder.Create("registry");
        ModelRegistry registry = await NewRegistryAsync();
        await PublishAsync(registry, folder, "v1", [1]);
        await PublishAsync(registry, folder, "v2", [2]);
        await registry.PromoteAsync("v1", "first", Cancel);
        await registry.PromoteAsync("v2", "forced", Cancel);

        ChampionPointer champion = await registry.PromoteAsync("v1", "by hand", Cancel);

        Assert.Equal(("v1", "v2", "rolled back from v2 (by hand)"), (champion.Version, champion.PreviousVersion, champion.Reason));
        await Assert.ThrowsAsync<ModelNotFoundException>(() => registry.PromoteAsync("v3", "no such version", Cancel));
    }

    private static async Task PublishAsync(ModelRegistry registry, TemporaryFolder folder, string version, byte[] model)
    {
        string path = folder.File($"{version}.onnx");
        await File.WriteAllBytesAsync(path, model, Cancel);
        await registry.PublishAsync(ModelExamples.Manifest(version, model), path, Cancel);
    }

    private async Task<ModelRegistry> NewRegistryAsync() =>
        new((await azurite.NewStorageAsync(Cancel)).Storage, TimeProvider.System);
}
