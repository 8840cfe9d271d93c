using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Models;

public sealed class ChampionPointerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ModelRegistry _registry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_roll_back_is_recorded_and_remembered_when_later_versions_are_promoted()
    {
        await _registry.TryPromoteAsync("v2", null, "the first model", Cancel);
        ChampionPointer back = await _registry.PromoteAsync("v1", "promoted by hand", Cancel);
        Assert.True(await _registry.TryPromoteAsync("v3", "v1", "better", Cancel));
        ChampionPointer later = (await _registry.GetChampionAsync(Cancel))!;

        Assert.Equal(("v1", "v2", "rolled back from v2 (promoted by hand)"), (back.Version, back.PreviousVersion, back.Reason));
        Assert.True(back.WasRolledBack("v2"));
        Assert.Equal(("v3", "v1", "better"), (later.Version, later.PreviousVersion, later.Reason));
        Assert.True(later.WasRolledBack("v2"));
        Assert.False(later.WasRolledBack("v1"));
    }

    [Fact]
    public async Task A_version_that_a_person_promotes_again_is_no_longer_rolled_back_from()
    {
        await _registry.PromoteAsync("v2", "promoted by hand", Cancel);
        await _registry.PromoteAsync("v1", "promoted by hand", Cancel);

        ChampionPointer forward = await _registry.PromoteAsync("v2", "promoted by hand", Cancel);

        Assert.Equal("promoted by hand", forward.Reason);
        Assert.False(forward.WasRolledBack("v2"));
        Assert.False(forward.WasRolledBack("v1"));
    }

    [Fact]
    public async Task An_older_version_that_a_rule_chose_is_no_roll_back()
    {
        await _registry.TryPromoteAsync("v2", null, "the first model", Cancel);
        await _registry.TryPromoteAsync("v1", "v2", "its data are in force again", Cancel);

        ChampionPointer pointer = (await _registry.GetChampionAsync(Cancel))!;

        Assert.Equal(("v1", "its data are in force again"), (pointer.Version, pointer.Reason));
        Assert.False(pointer.WasRolledBack("v2"));
    }

    [Theory]
    [InlineData("v0", true)] // older
    [InlineData("v2", true)] // champion before
    [InlineData("v4", true)] // rolled back from earlier
    [InlineData("v3", false)]
    public void Former_versions_are_older_ones_and_champions_of_before(string version, bool isFormer) =>
        Assert.Equal(isFormer, new ChampionPointer("v1", "v2", "", DateTimeOffset.UnixEpoch, ["v4"]).IsFormer(version));

    [Theory]
    [InlineData("20261123-181500-aaaaaaaa", "20261124-181500-bbbbbbbb", true)]
    [InlineData("20261124-181500-bbbbbbbb", "20261123-181500-aaaaaaaa", false)]
    public void A_pointer_of_an_earlier_version_tells_a_roll_back_by_its_versions(string version, string previous, bool isRollBack)
    {
        var pointer = PipelineJson.Read<ChampionPointer>(
            $$"""{"version":"{{version}}","previousVersion":"{{previous}}","reason":"promoted by hand","promotedAt":"2026-11-25T10:00:00+00:00"}""");

        Assert.Equal(isRollBack, pointer.WasRolledBack(previous));
    }

    public async ValueTask InitializeAsync()
    {
        _registry = new ModelRegistry((await azurite.NewStorageAsync(Cancel)).Storage, TimeProvider.System);
        using TemporaryFolder folder = TestFolder.Create("pointer");
        foreach (string version in (string[])["v1", "v2", "v3"])
        {
            byte[] model = [(byte)version[1]];
            await File.WriteAllBytesAsync(folder.File(version), model, Cancel);
            await _registry.PublishAsync(ModelExamples.Manifest(version, model), folder.File(version), Cancel);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
