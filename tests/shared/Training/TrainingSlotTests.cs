using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
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

        string[] holders = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(slot, $"run-{i}")));

        Assert.Single(holders.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_holder_may_ask_again_and_the_next_gets_it_after_release()
    {
        TrainingSlot slot = await NewSlotAsync();
        await slot.AcquireAsync("a", Cancel);

        Assert.Equal("a", await AskAsync(slot, "a"));
        Assert.Equal("a", await AskAsync(slot, "b"));
        await slot.ReleaseAsync("b", Cancel);
        Assert.Equal("a", await AskAsync(slot, "b"));
        await slot.ReleaseAsync("a", Cancel);
        Assert.Equal("b", await AskAsync(slot, "b"));
    }

    [Fact]
    public async Task A_claim_that_is_not_renewed_lapses_after_notice()
    {
        TrainingSlot slot = await NewSlotAsync();
        await slot.AcquireAsync("vanished", Cancel);
        _time.Advance(TrainingSlot.Lease);
        Assert.Equal("vanished", await AskAsync(slot, "next"));
        _time.Advance(TrainingSlot.Notice - TimeSpan.FromSeconds(1));
        Assert.Equal("vanished", await AskAsync(slot, "next"));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("next", await AskAsync(slot, "next"));
        Assert.Equal("next", await AskAsync(slot, "vanished"));
    }

    [Fact]
    public async Task A_holder_that_renews_keeps_the_slot_however_far_the_clock_is_set_ahead()
    {
        TrainingSlot slot = await NewSlotAsync();
        await slot.AcquireAsync("holder", Cancel);
        for (int leap = 0; leap < 3; leap++)
        {
            _time.Advance(TimeSpan.FromDays(30));
            Assert.Equal("holder", await AskAsync(slot, "next"));
            _time.Advance(TrainingSlot.Notice - TimeSpan.FromSeconds(1));
            Assert.Equal("holder", await AskAsync(slot, "next"));
            Assert.Equal("holder", await AskAsync(slot, "holder"));
        }

        _time.Advance(TrainingSlot.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal("holder", await AskAsync(slot, "next"));
    }

    [Fact]
    public async Task A_claim_that_was_made_before_the_clock_was_set_back_holds_no_longer_than_another()
    {
        TrainingSlot slot = await NewSlotAsync();
        _time.Advance(TimeSpan.FromDays(365));
        await slot.AcquireAsync("vanished", Cancel);
        _time.AdjustTime(_time.GetUtcNow().AddDays(-365));
        Assert.Equal("vanished", await AskAsync(slot, "next"));

        _time.Advance(TrainingSlot.Notice);

        Assert.Equal("next", await AskAsync(slot, "next"));
    }

    [Fact]
    public async Task A_release_that_meets_a_late_renewal_of_the_same_claim_frees_the_slot_all_the_same()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        var slot = new TrainingSlot(account.Storage, _time);
        await slot.AcquireAsync("a", Cancel);
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(account, Cancel);
        int writes = 0;
        proxy.Before = async request =>
        {
            if (request.Method == "PUT" && ++writes == 1)
                await slot.AcquireAsync("a", Cancel);
        };

        await new TrainingSlot(proxy.Open(), _time).ReleaseAsync("a", Cancel);

        Assert.Null((await slot.FindAsync(Cancel)).Holder);
        Assert.Equal(2, writes);
    }

    private static async Task<string> AskAsync(TrainingSlot slot, string instanceId) => (await slot.AcquireAsync(instanceId, Cancel)).Holder;

    private async Task<TrainingSlot> NewSlotAsync() => new((await azurite.NewStorageAsync(Cancel)).Storage, _time);
}
