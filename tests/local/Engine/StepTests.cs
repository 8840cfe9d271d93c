using System.Collections.Concurrent;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class StepTests
{
    private static readonly StepRetry ThreeTries = new(3, TimeSpan.FromSeconds(10), 2, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task A_fan_out_gathers_all_outputs_in_the_order_of_the_calls_and_records_two_entries_a_step()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("squares", async (context, _) =>
                string.Join(' ', await Task.WhenAll(Enumerable.Range(0, 300).Select(i => context.CallStepAsync("square", $"{i}")))))
            .Step("square", async (text, _) =>
            {
                await Task.Yield();
                return $"{int.Parse(text) * int.Parse(text)}";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);

        await harness.StartWorkflowAsync("squares");

        Assert.Equal(string.Join(' ', Enumerable.Range(0, 300).Select(i => i * i)), await harness.OutputAsync());
        Assert.Equal(600, JournalPeek.Count(harness.JournalPath, "1"));
    }

    [Fact]
    public async Task A_failing_step_is_tried_again_after_growing_waits()
    {
        var tries = new ConcurrentQueue<DateTimeOffset>();
        EngineHarness? harness = null;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("try", (context, _) => context.CallStepAsync("shaky", "", ThreeTries))
            .Step("shaky", _ =>
            {
                tries.Enqueue(harness!.Time.GetUtcNow());
                return tries.Count < 3 ? throw new IOException("not yet") : "done";
            });
        await using (harness = await EngineHarness.StartAsync(catalog))
        {
            DateTimeOffset start = harness.Time.GetUtcNow();
            await harness.StartWorkflowAsync("try");
            WorkflowStatus status = await harness.EndAsync(TimeSpan.FromSeconds(1));

            Assert.Equal("done", status.Output!.Value.GetString());
            DateTimeOffset[] at = [.. tries];
            Assert.Equal(3, at.Length);
            Assert.True(at[1] - at[0] >= TimeSpan.FromSeconds(10) && at[2] - at[1] >= TimeSpan.FromSeconds(20), $"{start}: {string.Join(", ", at)}");
        }
    }

    [Fact]
    public async Task Tries_and_the_wait_between_them_are_remembered_across_a_crash()
    {
        int tries = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("try", (context, _) => context.CallStepAsync("broken", "", ThreeTries))
            .Step("broken", _ => throw new IOException($"try {Interlocked.Increment(ref tries)}"));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("try");
        await Eventually.TrueAsync(() => harness.Log.Lines.Any(line => line.Contains("in attempt 1 of 3")), "the first attempt");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 2") == 1, "its record");

        await harness.CrashAndRestartAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, tries);
        WorkflowStatus status = await harness.EndAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(3, tries);
        Assert.Equal("broken failed: try 3", status.Output!.Value.GetString());
    }

    [Fact]
    public async Task A_step_that_a_crash_interrupted_runs_again_and_a_recorded_one_does_not()
    {
        int first = 0;
        int second = 0;
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("two", async (context, _) => await context.CallStepAsync("first", "") + await context.CallStepAsync("second", ""))
            .Step("first", _ => $"{Interlocked.Increment(ref first)}")
            .Step("second", async (_, cancellationToken) =>
            {
                int run = Interlocked.Increment(ref second);
                if (run == 1)
                    await gate.WaitAsync(cancellationToken);
                return $"{run}";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("two");
        await Eventually.TrueAsync(() => second == 1, "the second step");

        await harness.CrashAndRestartAsync();

        Assert.Equal("12", await harness.OutputAsync());
        Assert.Equal((1, 2), (first, second));
    }

    [Fact]
    public async Task No_more_steps_run_at_once_than_allowed()
    {
        int running = 0;
        int most = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("many", async (context, _) =>
                $"{(await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => context.CallStepAsync("slow", "")))).Length}")
            .Step("slow", async (_, cancellationToken) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Delay(2, cancellationToken);
                Interlocked.Decrement(ref running);
                return "";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog, maxParallelSteps: 3);

        await harness.StartWorkflowAsync("many");

        Assert.Equal("40", await harness.OutputAsync());
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task An_instance_with_many_steps_does_not_hold_up_another()
    {
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("big", async (context, _) =>
                $"{(await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => context.CallStepAsync("gated", "")))).Length}")
            .Workflow("small", (context, _) => context.CallStepAsync("quick", ""))
            .Step("gated", async (_, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return "";
            })
            .Step("quick", _ => "quick");
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog, maxParallelSteps: 2);
        await harness.StartWorkflowAsync("big", id: "big");
        await harness.StartWorkflowAsync("small", id: "small");

        // Let the gated steps go one by one: the small one's turn comes as soon as it stands in line.
        int released = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                gate.Release();
                released++;
                return (await harness.StatusAsync("small")).HasEnded;
            },
            "the small one");
        Assert.InRange(released, 1, 250);
        gate.Release(1000);
        Assert.Equal("500", await harness.OutputAsync("big"));
    }

    [Fact]
    public async Task An_unknown_step_fails_the_call_and_names_it()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("lost", (context, _) => context.CallStepAsync("nowhere", ""));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);

        await harness.StartWorkflowAsync("lost");

        Assert.Contains("No step is registered under the name nowhere", (await harness.EndAsync()).Output!.Value.GetString());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
            seen = Interlocked.CompareExchange(ref target, value, seen) is var was && was == seen ? value : was;
    }
}
