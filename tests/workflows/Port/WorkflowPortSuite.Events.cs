using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Port;

/// <content>Events, delays, time.</content>
public abstract partial class WorkflowPortSuite
{
    [Fact]
    public async Task Events_raised_before_the_wait_are_kept_by_name_and_in_order()
    {
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("listen", async (context, _) =>
            {
                context.SetStatus("begun");
                await context.CallStepAsync("gated", "");
                return $"{await context.WaitForEventAsync("a", Long)} {await context.WaitForEventAsync("b", Long)} {await context.WaitForEventAsync("a", Long)}";
            })
            .Step("gated", async (_, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return "";
            });
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("listen", "", _id);
        await run.UntilStatusAsync(_id, "begun");

        Assert.True(await run.Client.RaiseEventAsync(_id, "a", "1", Cancel));
        Assert.True(await run.Client.RaiseEventAsync(_id, "a", "2", Cancel));
        Assert.True(await run.Client.RaiseEventAsync(_id, "b", "3", Cancel));
        gate.Release();

        Assert.Equal("1 3 2", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task A_wait_ends_empty_after_its_time_and_leaves_later_events_to_later_waits()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("listen", async (context, _) =>
        {
            string? first = await context.WaitForEventAsync("a", Short);
            context.SetStatus("late");
            return $"{first ?? "nothing"} {await context.WaitForEventAsync("a", Long)}";
        });
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("listen", "", _id);
        await run.UntilStatusAsync(_id, "late");

        await run.Client.RaiseEventAsync(_id, "a", "1", Cancel);

        Assert.Equal("nothing 1", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task Raising_an_event_on_what_does_not_run_says_so()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("echo", "", _id);
        await run.EndAsync(_id);

        Assert.False(await run.Client.RaiseEventAsync(_id, "a", "", Cancel));
        Assert.False(await run.Client.RaiseEventAsync($"{_id}-nobody", "a", "", Cancel));
    }

    [Fact]
    public async Task The_workflows_time_passes_with_its_delays_and_is_the_same_in_every_replay()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("times", async (context, _) =>
        {
            DateTimeOffset start = context.UtcNow;
            await context.DelayAsync(Short);
            DateTimeOffset later = context.UtcNow;
            Assert.Equal(TimeSpan.Zero, later.Offset);
            Assert.True(later - start >= Short, $"{start:O} {later:O}");
            seen.Enqueue($"{start:O} {later:O}");
            await WaitAsync(context, "");
            return $"{start:O} {later:O}";
        });
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("times", "", _id);
        await run.UntilStatusAsync(_id, "waiting");

        await run.ReplayAsync();
        await run.Client.RaiseEventAsync(_id, "go", "", Cancel);

        string times = await run.OutputAsync<string>(_id);
        Assert.True(seen.Count >= 2, "The workflow was not replayed.");
        Assert.All(seen, replay => Assert.Equal(times, replay));
    }

    [Fact]
    public async Task What_a_workflow_logs_is_logged_once_although_it_is_replayed()
    {
        int runs = 0;
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("chatty", async (context, _) =>
        {
            Interlocked.Increment(ref runs);
            Log(context, "one");
            await context.DelayAsync(TimeSpan.FromMilliseconds(100));
            Log(context, "two");
            await WaitAsync(context, "");
            Log(context, "three");
            return "";
        });
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("chatty", "", _id);
        await run.UntilStatusAsync(_id, "waiting");

        await run.ReplayAsync();
        await run.Client.RaiseEventAsync(_id, "go", "", Cancel);
        await run.OutputAsync<string>(_id);

        Assert.True(runs >= 2, "The workflow was not replayed.");
        Assert.Equal(
            ["Warning: chatty says one", "Warning: chatty says two", "Warning: chatty says three"],
            run.Log.Lines.Where(line => line.Contains("chatty says", StringComparison.Ordinal)));
    }
}
