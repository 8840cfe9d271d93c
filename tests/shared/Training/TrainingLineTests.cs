using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training;

/// <summary>The order in which waiting trainings get the slot.</summary>
public sealed class TrainingLineTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trainings_get_the_slot_in_order_of_arrival_however_often_each_asks()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first", "second", "third");
        for (int i = 0; i < 3; i++)
            await slot.AcquireAsync("third", Cancel);

        await slot.ReleaseAsync("running", Cancel);

        Assert.Equal(["first", "first"], [await AskAsync(slot, "third"), await AskAsync(slot, "second")]);
        foreach (string next in new[] { "first", "second", "third" })
        {
            Assert.Equal(next, await AskAsync(slot, next));
            await slot.ReleaseAsync(next, Cancel);
        }

        Assert.Empty((await slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public async Task A_training_that_arrives_while_the_slot_is_free_stands_behind_those_that_wait()
    {
        TrainingSlot slot = await NewSlotAsync("running", "old");
        await slot.ReleaseAsync("running", Cancel);

        Assert.Equal("old", await AskAsync(slot, "new"));
        Assert.Equal("old", await AskAsync(slot, "old"));
    }

    [Fact]
    public async Task Renewals_of_the_running_training_keep_the_line()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first", "second");

        await slot.RenewAsync("running", Cancel);
        await slot.AcquireAsync("running", Cancel);

        Assert.Equal(["running", "first", "second"], (await slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public async Task A_training_that_lost_its_slot_does_not_line_up_when_its_trainer_is_checked()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first");

        await slot.RenewAsync("lost", Cancel);

        Assert.Equal(["running", "first"], (await slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public async Task A_terminated_training_gives_up_its_place_at_once()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first", "second");

        await slot.ReleaseAsync("first", Cancel);
        await slot.ReleaseAsync("running", Cancel);

        Assert.Equal("second", await AskAsync(slot, "second"));
    }

    [Fact]
    public async Task A_waiting_training_that_vanished_loses_its_place_after_its_wait_and_the_notice()
    {
        TrainingSlot slot = await NewSlotAsync("running");
        TimeSpan wait = (await slot.AcquireAsync("vanished", Cancel)).AskAgainIn!.Value;
        await slot.AcquireAsync("second", Cancel);
        await slot.ReleaseAsync("running", Cancel);
        _time.Advance(wait);
        Assert.Equal("vanished", await AskAsync(slot, "second"));
        _time.Advance(TrainingSlot.Notice - Second);
        Assert.Equal("vanished", await AskAsync(slot, "second"));

        _time.Advance(Second);

        Assert.Equal("second", await AskAsync(slot, "second"));
    }

    [Fact]
    public async Task A_machine_that_slept_for_days_keeps_the_order()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first", "second");
        _time.Advance(TimeSpan.FromDays(3));

        Assert.Equal("running", await AskAsync(slot, "second"));
        Assert.Equal("running", await AskAsync(slot, "first"));
        await slot.RenewAsync("running", Cancel);
        _time.Advance(TrainingSlot.Notice);
        await slot.ReleaseAsync("running", Cancel);

        Assert.Equal("first", await AskAsync(slot, "second"));
    }

    [Fact]
    public async Task Places_taken_before_the_clock_was_set_back_by_a_year_do_not_block_the_others_for_a_year()
    {
        TrainingSlot slot = await NewSlotAsync("running");
        _time.Advance(TimeSpan.FromDays(365));
        await slot.AcquireAsync("vanished", Cancel);
        await slot.ReleaseAsync("running", Cancel);
        _time.AdjustTime(_time.GetUtcNow().AddDays(-365));
        Assert.Equal("vanished", await AskAsync(slot, "second"));

        _time.Advance(TrainingSlot.Notice);

        Assert.Equal("second", await AskAsync(slot, "second"));
    }

    [Fact]
    public async Task A_week_in_the_line_takes_few_questions_and_the_next_in_line_asks_more_often()
    {
        TrainingSlot slot = await NewSlotAsync("running", "next");
        int next = await CountQuestionsAsync(slot, "next", TimeSpan.FromDays(1));
        int behind = await CountQuestionsAsync(slot, "behind", TimeSpan.FromDays(7));

        Assert.InRange(next, 350, 420);
        Assert.InRange(behind, 400, 500);
    }

    [Fact]
    public async Task The_status_says_how_many_wait_before()
    {
        TrainingSlot slot = await NewSlotAsync("running", "first", "second");

        Assert.Equal("running is training", (await slot.AcquireAsync("first", Cancel)).Reason);
        Assert.Equal("running is training; 1 more training waits before this one", (await slot.AcquireAsync("second", Cancel)).Reason);
        Assert.Equal("running is training; 2 more trainings wait before this one", (await slot.AcquireAsync("third", Cancel)).Reason);
    }

    [Fact]
    public async Task A_slot_written_by_an_earlier_version_is_read()
    {
        TestStorage account = await azurite.NewStorageAsync(Cancel);
        DateTimeOffset until = _time.GetUtcNow() + TrainingSlot.Lease;
        await account.Storage.Blob(BlobLayout.Runs, BlobLayout.TrainingSlot).UploadAsync(
            BinaryData.FromString($$"""{ "holder": "running", "until": "{{until:O}}" }"""), Cancel);
        var slot = new TrainingSlot(account.Storage, _time);

        Assert.Equal("running", await AskAsync(slot, "first"));
        Assert.Equal(["running", "first"], (await slot.FindAsync(Cancel)).Instances);
    }

    [Fact]
    public void Answers_are_read_as_they_are_written_and_as_earlier_versions_wrote_them()
    {
        var turn = new TrainingTurn("running", TimeSpan.FromSeconds(2), Ahead: 3);

        Assert.Equal(turn, PipelineJson.Read<TrainingTurn>(PipelineJson.Write(turn)));
        Assert.Equal(new TrainingTurn("running"), PipelineJson.Read<TrainingTurn>("\"running\""));
    }

    private async Task<int> CountQuestionsAsync(TrainingSlot slot, string instanceId, TimeSpan time)
    {
        DateTimeOffset end = _time.GetUtcNow() + time;
        int questions = 0;
        while (_time.GetUtcNow() < end)
        {
            await slot.RenewAsync("running", Cancel);
            if (instanceId != "next")
                await slot.AcquireAsync("next", Cancel);
            TrainingTurn turn = await slot.AcquireAsync(instanceId, Cancel);
            Assert.Equal("running", turn.Holder);
            questions++;
            _time.Advance(turn.AskAgainIn!.Value);
        }

        return questions;
    }

    private static async Task<string> AskAsync(TrainingSlot slot, string instanceId) => (await slot.AcquireAsync(instanceId, Cancel)).Holder;

    /// <summary>A slot for which instances asked in this order; the first one has it.</summary>
    private async Task<TrainingSlot> NewSlotAsync(params string[] instances)
    {
        var slot = new TrainingSlot((await azurite.NewStorageAsync(Cancel)).Storage, _time);
        foreach (string instance in instances)
            await slot.AcquireAsync(instance, Cancel);
        return slot;
    }
}
