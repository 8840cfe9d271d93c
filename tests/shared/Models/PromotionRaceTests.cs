using KeypointPipeline.Models;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

/// <summary>Publishers and promoters at the same time, over storage that loses answers.</summary>
public sealed class PromotionRaceTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = TestFolder.Create("races");
    private TestStorage _account = null!;
    private FaultyProxy _proxy = null!;
    private ModelRegistry _registry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_promotion_whose_answer_was_lost_is_known_as_its_own()
    {
        await PublishAsync("v1", 1);
        _proxy.Plan = LoseFirstPromotion();

        PromotionDecision decision = await PromoteAsync("v1", champion: null);

        Assert.True(decision.Promote, decision.Reason);
        Assert.Equal("v1", (await _registry.GetChampionAsync(Cancel))!.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_promotion_whose_answer_was_lost_does_not_undo_a_later_one(bool byHand)
    {
        await PublishAsync("v1", 1);
        await PublishAsync("v2", 2);
        _proxy.Plan = LoseFirstPromotion();
        int promotions = 0;
        _proxy.Before = async request =>
        {
            if (IsPromotion(request) && ++promotions == 2)
                await new ModelRegistry(_account.Storage, TimeProvider.System).PromoteAsync("v2", "later", Cancel);
        };

        if (byHand)
            Assert.Equal("v2", (await _registry.PromoteAsync("v1", "first", Cancel)).Version);
        else
            Assert.False((await PromoteAsync("v1", champion: null)).Promote);

        ChampionPointer champion = (await _registry.GetChampionAsync(Cancel))!;
        Assert.Equal(("v2", "v1"), (champion.Version, champion.PreviousVersion));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Of_promoters_who_compared_with_the_same_champion_one_wins_and_the_others_are_told(int promoters)
    {
        await PublishAsync("v0", 0);
        await PromoteAsync("v0", champion: null);
        string[] versions = [.. Enumerable.Range(1, promoters).Select(i => $"v{i}")];
        foreach (string version in versions)
            await PublishAsync(version, (byte)version[1]);
        _proxy.Plan = new SeededFaults(promoters, 0.3, StorageFault.LostAnswer, StorageFault.FalseAlarm).Choose;

        PromotionDecision[] decisions = await Task.WhenAll(versions.Select(version => PromoteAsync(version, "v0")));

        _proxy.Plan = _ => StorageFault.None;
        string winner = Assert.Single(versions.Where((_, i) => decisions[i].Promote));
        Assert.All(decisions.Where(d => !d.Promote), d => Assert.Contains("another version became champion", d.Reason, StringComparison.Ordinal));
        ChampionPointer champion = (await _registry.GetChampionAsync(Cancel))!;
        Assert.Equal((winner, "v0"), (champion.Version, champion.PreviousVersion));
        await AssertAllAreWholeAsync(promoters + 1);
    }

    [Fact]
    public async Task Promoters_by_hand_all_have_their_turn_and_each_pointer_names_the_one_it_replaced()
    {
        string[] versions = [.. Enumerable.Range(0, 8).Select(i => $"v{i}")];
        foreach (string version in versions)
            await PublishAsync(version, (byte)version[1]);
        _proxy.Plan = new SeededFaults(8, 0.3, StorageFault.LostRequest, StorageFault.ServerBusy).Choose;

        ChampionPointer[] pointers = await Task.WhenAll(versions.Select(version => _registry.PromoteAsync(version, "by hand", Cancel)));

        _proxy.Plan = _ => StorageFault.None;
        Assert.Equal(versions, pointers.Select(pointer => pointer.Version));
        Assert.Single(pointers, pointer => pointer.PreviousVersion is null);
        Assert.Equal(7, pointers.Select(pointer => pointer.PreviousVersion).OfType<string>().Distinct().Count());
        string last = Assert.Single(versions.Except(pointers.Select(pointer => pointer.PreviousVersion)))!;
        Assert.Equal(last, (await _registry.GetChampionAsync(Cancel))!.Version);
        await AssertAllAreWholeAsync(8);
    }

    [Fact]
    public async Task Publishers_of_the_same_version_all_succeed_and_there_is_one()
    {
        _proxy.Plan = new SeededFaults(3, 0.3, StorageFault.LostAnswer, StorageFault.FalseAlarm, StorageFault.CutAnswer).Choose;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PublishAsync("v1", 1)));

        _proxy.Plan = _ => StorageFault.None;
        await AssertAllAreWholeAsync(1);
    }

    [Fact]
    public async Task Of_publishers_with_different_content_under_one_version_one_wins_and_the_version_stays_whole()
    {
        Exception?[] errors = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Record.ExceptionAsync(() => PublishAsync("v1", (byte)i)).AsTask()));

        Assert.Single(errors, error => error is null);
        Assert.All(errors.OfType<Exception>(), error => Assert.Contains("immutable", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal));
        await AssertAllAreWholeAsync(1);
    }

    public async ValueTask InitializeAsync()
    {
        _account = await azurite.NewStorageAsync(Cancel);
        _proxy = await FaultyProxy.StartAsync(_account, Cancel);

        // So many that no order of the racers gives one of them a fault at every try.
        _registry = new ModelRegistry(_proxy.Open(retries: 20), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsPromotion(StorageRequest request) => request is { Method: "PUT", Blob: BlobLayout.Champion };

    private static Func<StorageRequest, StorageFault> LoseFirstPromotion()
    {
        var first = new OneFault(1, StorageFault.LostAnswer);
        return request => IsPromotion(request) ? first.Choose(request) : StorageFault.None;
    }

    private Task<PromotionDecision> PromoteAsync(string version, string? champion) => new PromoteModel(_registry).RunAsync(
        new PromoteModelInput(version, Better(champion)), Cancel);

    private static ModelComparison Better(string? champion) => champion is null
        ? new ModelComparison(30, 1, null, null, null, TestRows: 30, TestComponents: 30)
        : new ModelComparison(30, 1, null, champion, 2, TestRows: 30, TestComponents: 30, Ratio: new ErrorRatio(0.5, 0.4, 0.6));

    private async Task PublishAsync(string version, byte content)
    {
        byte[] model = [.. Enumerable.Repeat(content, 1000)];
        string path = _folder.File($"{version} {Guid.NewGuid():N}.onnx");
        await File.WriteAllBytesAsync(path, model, Cancel);
        await _registry.PublishAsync(ModelExamples.Manifest(version, model), path, Cancel);
    }

    /// <summary>Downloading checks the hash.</summary>
    private async Task AssertAllAreWholeAsync(int versions)
    {
        IReadOnlyList<ModelManifest> listed = await _registry.ListAsync(Cancel);
        Assert.Equal(versions, listed.Count);
        foreach (ModelManifest manifest in listed)
            await _registry.DownloadAsync(manifest.Version, _folder.File("back.onnx"), Cancel);
    }
}
