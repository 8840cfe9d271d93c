using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class RequestPromotionTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_better_version_is_promoted_by_the_rule_and_listed_as_champion()
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await PublishAsync(storage, "v2", Compared("v1", 0.75));

        Assert.Equal("v1", (await PromoteAsync(storage, "v1")).Version);
        Assert.Equal("v2", (await PromoteAsync(storage, "v2")).Version);

        var list = (ModelList)(await new ListModels(Registry(storage), new DatasetPaths(storage, new PreparedDatasetStore(storage), TimeProvider.System)).CallAsync(Cancel)).Body;
        Assert.Equal("v2", list.Champion?.Version);
        Assert.Equal(["v2", "v1"], list.Models.Select(model => model.Version));
        Assert.Equal("v2", ((HealthReport)(await new CheckHealth(Registry(storage), TimeProvider.System).CallAsync(Cancel)).Body).Champion);
    }

    [Theory]
    [InlineData(0.999, "v1", "trained on the same data as champion v1 and not better at 95 %: 1.998 px against 2.000 px on 40 test rows of 40 groups")]
    [InlineData(0.5, "v0", "compared with v0, but the champion is now v1")]
    [InlineData(0.5, null, "compared with no champion, but the champion is now v1")]
    public async Task A_version_that_the_rule_refuses_is_409_and_can_be_forced(double ratio, string? comparedWith, string reason)
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await PublishAsync(storage, "v2", Compared(comparedWith, ratio));
        await PromoteAsync(storage, "v1");

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => PromoteAsync(storage, "v2"));
        Assert.Equal(409, problem.Problem.Status);
        Assert.Contains(reason, problem.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("""{"force":true}""", problem.Problem.Detail, StringComparison.Ordinal);

        Assert.Equal("v1", (await PromoteAsync(storage, "v2", force: true)).PreviousVersion);
        Assert.Equal("v1", (await PromoteAsync(storage, "v1", force: true)).Version);
    }

    [Fact]
    public async Task A_roll_back_needs_no_force_and_is_recorded()
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await PublishAsync(storage, "v2", Compared("v1", 0.75));
        await PromoteAsync(storage, "v1");
        await PromoteAsync(storage, "v2");

        ChampionPointer back = await PromoteAsync(storage, "v1");
        ChampionPointer stored = ((ModelList)(await new ListModels(Registry(storage), new DatasetPaths(storage, new PreparedDatasetStore(storage), TimeProvider.System)).CallAsync(Cancel)).Body).Champion!;
        ChampionPointer forward = await PromoteAsync(storage, "v2");

        Assert.Equal(("v1", "v2", "rolled back from v2 (promoted by hand)"), (back.Version, back.PreviousVersion, back.Reason));
        Assert.Equal(["v2"], stored.RolledBack!);
        Assert.Equal(("v2", "v1", "promoted by hand"), (forward.Version, forward.PreviousVersion, forward.Reason));
        Assert.Empty(forward.RolledBack!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_whose_file_was_changed_is_409_even_when_forced(bool force)
    {
        PipelineStorage storage = await StorageAsync();
        await PublishAsync(storage, "v1", new ModelComparison(10, 2.0, null, null, null));
        await storage.Blob(BlobLayout.Models, "v1/model.onnx").UploadAsync(BinaryData.FromString("changed"), overwrite: true, Cancel);

        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(
            () => PromoteAsync(storage, "v1", force));

        Assert.Equal(409, problem.Problem.Status);
        Assert.Contains("it was changed after it was published. Promote another version, or train again.", problem.Problem.Detail, StringComparison.Ordinal);
    }

    private static ModelComparison Compared(string? champion, double ratio) => new(
        0,
        2 * ratio,
        null,
        champion,
        champion is null ? null : 2,
        TestRows: 40,
        TestComponents: 40,
        Ratio: champion is null ? null : new ErrorRatio(ratio, ratio - 0.1, ratio + 0.1));

    private static ModelRegistry Registry(PipelineStorage storage) => new(storage, TimeProvider.System);

    private static async Task<ChampionPointer> PromoteAsync(PipelineStorage storage, string version, bool force = false)
    {
        ApiAnswer answer = await new RequestPromotion(Registry(storage)).CallAsync(version, new PromoteRequest(force), new StartRecorder(), Cancel);
        return (ChampionPointer)answer.Body;
    }

    private async Task<PipelineStorage> StorageAsync() => (await azurite.NewStorageAsync(Cancel)).Storage;

    private static async Task PublishAsync(PipelineStorage storage, string version, ModelComparison comparison)
    {
        using TemporaryFolder folder = TestFolder.Create("api");
        byte[] model = [1, 2, 3];
        string path = folder.File("model.onnx");
        await File.WriteAllBytesAsync(path, model, Cancel);
        await Registry(storage).PublishAsync(ModelExamples.Manifest(version, model, comparison: comparison), path, Cancel);
    }
}
