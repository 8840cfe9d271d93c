using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class TimerTests
{
    private static WorkflowCatalog Sleeper(TimeSpan delay) => new WorkflowCatalog().Workflow("sleep", async (context, _) =>
    {
        DateTimeOffset before = context.UtcNow;
        await context.DelayAsync(delay);
        return $"{(context.UtcNow - before).TotalSeconds}";
    });

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper(TimeSpan.FromMinutes(10)));
        await harness.StartWorkflowAsync("sleep");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == 1, "the delay");

        harness.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await Task.Delay(50);
        Assert.Equal(0, JournalPeek.Count(harness.JournalPath, "kind = 6"));

        harness.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("600", await harness.OutputAsync());
    }

    [Fact]
    public async Task A_delay_of_years_is_fine()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper(TimeSpan.FromDays(1000)));
        await harness.StartWorkflowAsync("sleep");

        WorkflowStatus status = await harness.EndAsync(TimeSpan.FromDays(100));

        Assert.True(double.Parse(status.Output!.Value.GetString()!) >= TimeSpan.FromDays(1000).TotalSeconds);
    }

    [Fact]
    public async Task A_delay_that_cannot_end_before_the_end_of_time_is_kept()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper(TimeSpan.MaxValue));
        await harness.StartWorkflowAsync("sleep");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == 1, "the delay");

        harness.Time.Advance(TimeSpan.FromDays(10));

        Assert.Equal(WorkflowRuntimeStatus.Running, (await harness.StatusAsync()).RuntimeStatus);
    }

    [Fact]
    public async Task A_delay_goes_on_across_a_crash_and_counts_the_time_between()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper(TimeSpan.FromMinutes(10)));
        await harness.StartWorkflowAsync("sleep");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == 1, "the delay");
        harness.Time.Advance(TimeSpan.FromMinutes(4));
        await harness.Engine.DisposeAsync();
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.StartAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(59));
        await Task.Delay(50);
        Assert.Equal(0, JournalPeek.Count(harness.JournalPath, "kind = 6"));

        Assert.Equal(WorkflowRuntimeStatus.Completed, (await harness.EndAsync(TimeSpan.FromSeconds(1))).RuntimeStatus);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_while_the_engine_was_down_costs_at_most_the_whole_delay_again()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Sleeper(TimeSpan.FromMinutes(10)));
        await harness.StartWorkflowAsync("sleep");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == 1, "the delay");
        await harness.Engine.DisposeAsync();
        harness.Time.SetAhead(TimeSpan.FromDays(-3));
        await harness.StartAsync();
        await Task.Delay(50);

        harness.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("600", await harness.OutputAsync());
    }

    [Fact]
    public async Task The_workflows_time_is_that_of_the_last_answer_and_the_same_in_a_replay()
    {
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("times", async (context, _) =>
            {
                DateTimeOffset start = context.UtcNow;
                await context.DelayAsync(TimeSpan.FromMinutes(1));
                DateTimeOffset later = context.UtcNow;
                await context.CallStepAsync("gated", "");
                return $"{start:O} {later:O}";
            })
            .Step("gated", async (_, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return "";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        DateTimeOffset start = harness.Time.GetUtcNow();
        await harness.StartWorkflowAsync("times");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 5") == 1, "the delay");
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 1") == 1, "the step");
        harness.Time.Advance(TimeSpan.FromDays(1));

        await harness.CrashAndRestartAsync();
        gate.Release();

        Assert.Equal($"{start:O} {start.AddMinutes(1):O}", await harness.OutputAsync());
    }
}
