using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class EventTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Events_raised_before_the_wait_are_kept_by_name_and_in_order_across_a_crash()
    {
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("listen", async (context, _) =>
            {
                await context.CallStepAsync("gated", "");
                return $"{await context.WaitForEventAsync("a", Hour)} {await context.WaitForEventAsync("B", Hour)} {await context.WaitForEventAsync("a", Hour)}";
            })
            .Step("gated", async (_, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return "";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("listen");

        Assert.True(await harness.Client.RaiseEventAsync("id", "a", "1", CancellationToken.None));
        Assert.True(await harness.Client.RaiseEventAsync("id", "a", "2", CancellationToken.None));
        Assert.True(await harness.Client.RaiseEventAsync("id", "b", "3", CancellationToken.None));
        await harness.CrashAndRestartAsync();
        gate.Release();

        Assert.Equal("1 3 2", await harness.OutputAsync());
    }

    [Fact]
    public async Task A_wait_ends_empty_after_its_time_and_leaves_later_events_to_later_waits_across_a_crash()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("listen", async (context, _) =>
        {
            string? first = await context.WaitForEventAsync("a", Hour);
            context.SetStatus("late");
            return $"{first ?? "nothing"} {await context.WaitForEventAsync("a", Hour)}";
        });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("listen");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 1, "the wait");
        harness.Time.Advance(Hour);
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 2, "the second wait");
        await harness.CrashAndRestartAsync();

        await harness.Client.RaiseEventAsync("id", "a", "1", CancellationToken.None);

        Assert.Equal("nothing 1", await harness.OutputAsync());
    }

    [Fact]
    public async Task The_race_of_an_event_and_its_time_out_goes_the_same_way_in_a_replay()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("listen", async (context, _) =>
        {
            string? answer = await context.WaitForEventAsync("a", Hour);
            context.SetStatus(answer ?? "nothing");
            await context.WaitForEventAsync("end", Timeout.InfiniteTimeSpan);
            return answer ?? "nothing";
        });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        for (int i = 0; i < 20; i++)
        {
            string id = $"race-{i}";
            await harness.StartWorkflowAsync("listen", id: id);
            await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") >= (2 * i) + 1, "the wait");
            Task raised = Task.Run(() => harness.Client.RaiseEventAsync(id, "a", "event", CancellationToken.None));
            harness.Time.Advance(Hour);
            await raised;
            await Eventually.TrueAsync(async () => (await harness.StatusAsync(id)).CustomStatus is not null, "the first answer");
        }

        string?[] before = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await harness.StatusAsync($"race-{i}")).CustomStatus?.GetString()));
        await harness.CrashAndRestartAsync();
        for (int i = 0; i < 20; i++)
        {
            await harness.Client.RaiseEventAsync($"race-{i}", "end", "", CancellationToken.None);
            Assert.Equal(before[i], await harness.OutputAsync($"race-{i}"));
        }
    }

    [Fact]
    public async Task An_event_raised_while_its_instance_is_being_replayed_arrives_once()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("listen", async (context, _) =>
        {
            await context.WaitForEventAsync("a", Hour);
            return $"{await context.WaitForEventAsync("a", Hour)} {await context.WaitForEventAsync("a", Hour)}";
        });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        string[] ids = [.. Enumerable.Range(0, 60).Select(i => $"listener-{i}")];
        foreach (string id in ids)
        {
            await harness.StartWorkflowAsync("listen", id: id);
            await harness.Client.RaiseEventAsync(id, "a", "0", CancellationToken.None);
        }

        await harness.CrashAndRestartAsync();
        await Task.WhenAll(ids.Select(id => harness.Client.RaiseEventAsync(id, "a", "1", CancellationToken.None)));
        await Task.WhenAll(ids.Select(id => harness.Client.RaiseEventAsync(id, "a", "2", CancellationToken.None)));

        foreach (string id in ids)
            Assert.Equal("1 2", await harness.OutputAsync(id));
    }
}
