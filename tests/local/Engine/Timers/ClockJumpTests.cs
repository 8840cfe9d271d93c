using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine.Timers;

/// <summary>The wall clock is set while workflows wait.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(10);

    /// <summary>How long a timer sleeps at most before it looks at the clock again.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Set_back_it_prolongs_no_delay()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper());
        await StartAsync(harness);
        harness.Time.Advance(TimeSpan.FromMinutes(4));

        harness.Time.SetAhead(TimeSpan.FromDays(-3));
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await Task.Delay(50);
        Assert.Equal(WorkflowRuntimeStatus.Running, (await harness.StatusAsync()).RuntimeStatus);

        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.OutputAsync();
    }

    [Fact]
    public async Task Set_ahead_or_after_sleep_what_has_become_due_goes_on_within_half_a_minute()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper());
        await StartAsync(harness);

        harness.Time.SetAhead(TimeSpan.FromHours(8));
        harness.Time.Advance(LongestSleep);

        await harness.OutputAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_was_a_year_ahead_and_is_set_right_prolongs_no_later_delay_nor_does_time_go_back(bool crash)
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(new WorkflowCatalog().Workflow("twice", async (context, _) =>
        {
            DateTimeOffset start = context.UtcNow;
            await context.DelayAsync(Delay);
            DateTimeOffset between = context.UtcNow;
            await context.DelayAsync(Delay);
            return start <= between && between + Delay <= context.UtcNow ? "forward" : "back";
        }));
        await StartAsync(harness, "twice");
        harness.Time.SetAhead(TimeSpan.FromDays(365));
        harness.Time.Advance(LongestSleep);
        await DelaysAsync(harness, 2);

        harness.Time.SetAhead(TimeSpan.FromDays(-365));
        if (crash)
        {
            await harness.CrashAndRestartAsync();
            await Task.Delay(50);
        }

        harness.Time.Advance(Delay);

        Assert.Equal("forward", await harness.OutputAsync());
    }

    [Fact]
    public async Task Set_back_it_prolongs_no_wait_between_two_tries_of_a_step()
    {
        int tries = 0;
        var retry = new StepRetry(2, TimeSpan.FromMinutes(1), 1, TimeSpan.FromMinutes(1));
        await using EngineHarness harness = await EngineHarness.StartAsync(new WorkflowCatalog()
            .Workflow("tries", (context, input) => context.CallStepAsync("fails once", input, retry))
            .Step("fails once", (_, _) => ++tries == 1 ? throw new IOException("not yet") : Task.FromResult("done")));
        await harness.StartWorkflowAsync("tries");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 2") == 1, "the first try");
        await Task.Delay(50);

        harness.Time.SetAhead(TimeSpan.FromDays(-3));
        harness.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("done", await harness.OutputAsync());
    }

    private static WorkflowCatalog Sleeper() => new WorkflowCatalog().Workflow("sleep", async (context, _) =>
    {
        await context.DelayAsync(Delay);
        return "";
    });

    private static async Task StartAsync(EngineHarness harness, string workflow = "sleep")
    {
        await harness.StartWorkflowAsync(workflow);
        await DelaysAsync(harness, 1);
    }

    private static async Task DelaysAsync(EngineHarness harness, int count)
    {
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == count, "the delay");

        // On file a moment before its timer is set.
        await Task.Delay(50);
    }
}
