using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training;

public sealed class TrainingSlotTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_the_slot_and_the_others_learn_who()
    {
        TrainingSlot slot = await NewSlotAsync();

        string[] holders = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => slot.AcquireAsync($"run-{i}", Cancel)));

        Assert.Single(holders.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_holder_may_ask_again_and_the_next_gets_it_after_release()
    {
        TrainingSlot slot = await NewSlotAsync();
        await slot.AcquireAsync("a", Cancel);

        Assert.Equal("a", await slot.AcquireAsync("a", Cancel));
        Assert.Equal("a", await slot.AcquireAsync("b", Cancel));
        await slot.ReleaseAsync("b", Cancel);
        Assert.Equal("a", await slot.AcquireAsync("b", Cancel));
        await slot.ReleaseAsync("a", Cancel);
        Assert.Equal("b", await slot.AcquireAsync("b", Cancel));
    }

    [Fact]
    public async Task A_claim_that_is_not_renewed_lapses()
    {
        TrainingSlot slot = await NewSlotAsync();
        await slot.AcquireAsync("vanished", Cancel);
        _time.Advance(TrainingSlot.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal("vanished", await slot.AcquireAsync("next", Cancel));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("next", await slot.AcquireAsync("next", Cancel));
    }

    private async Task<TrainingSlot> NewSlotAsync() => new((await azurite.NewStorageAsync(Cancel)).Storage, _time);
}
