using System.Collections.Concurrent;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class TerminationTests
{
    private static readonly StepRef<TerminatedInstance, bool> CleanUp = new("clean-up", new StepRetry(3, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(10)));

    private readonly ConcurrentQueue<string> _cleaned = new();
    private readonly ConcurrentQueue<string?> _inputs = new();
    private int _failuresOfCleanUp;

    [Fact]
    public async Task A_terminated_instance_shows_it_at_once_with_the_reason_and_its_step_is_cancelled()
    {
        var cancelled = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("long", (context, _) => context.CallStepAsync("endless", ""))
            .Step("endless", async (_, cancellationToken) =>
            {
                started.SetResult();
                using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return "";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("long");
        await started.Task;

        Assert.True(await harness.Client.TerminateAsync("id", "not needed", CancellationToken.None));

        WorkflowStatus status = await harness.StatusAsync();
        Assert.Equal((WorkflowRuntimeStatus.Terminated, "not needed"), (status.RuntimeStatus, status.Output!.Value.GetString()));
        await cancelled.Task;
        Assert.False(await harness.Client.TerminateAsync("id", "again", CancellationToken.None));
        Assert.False(await harness.Client.TerminateAsync("nobody", null, CancellationToken.None));
    }

    [Fact]
    public async Task The_result_of_a_step_that_ends_after_the_termination_is_ignored()
    {
        using var gate = new SemaphoreSlim(0);
        bool wentOn = false;
        var done = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("long", async (context, _) =>
            {
                await context.CallStepAsync("stubborn", "");
                wentOn = true;
                return "";
            })
            .Step("stubborn", async (_, _) =>
            {
                started.SetResult();
                await gate.WaitAsync(CancellationToken.None);
                done.SetResult();
                return "late";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("long");
        await started.Task;
        await harness.Client.TerminateAsync("id", null, CancellationToken.None);
        gate.Release();
        await done.Task;
        await harness.Engine.StopAsync(CancellationToken.None);

        Assert.False(wentOn);
        Assert.Equal(0, JournalPeek.Count(harness.JournalPath, "kind = 3"));
    }

    [Fact]
    public async Task Children_are_terminated_too_and_each_is_cleaned_up_after()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Family());
        await harness.StartWorkflowAsync("bystander", id: "bystander");
        await harness.StartWorkflowAsync("grandparent");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 2, "the family");

        await harness.Client.TerminateAsync("id", "stop", CancellationToken.None);

        foreach (string id in new[] { "id", "child", "grandchild" })
            Assert.Equal(WorkflowRuntimeStatus.Terminated, (await harness.StatusAsync(id)).RuntimeStatus);
        Assert.Equal(WorkflowRuntimeStatus.Running, (await harness.StatusAsync("bystander")).RuntimeStatus);
        await Eventually.TrueAsync(() => _cleaned.Count == 2, "the clean-up");
        Assert.Equal(["child", "grandchild"], _cleaned.Order());
    }

    [Fact]
    public async Task A_clean_up_that_fails_is_tried_again_also_after_a_crash()
    {
        _failuresOfCleanUp = 2;
        await using EngineHarness harness = await EngineHarness.StartAsync(Family());
        await harness.StartWorkflowAsync("child", "input of alone", id: "alone");
        await harness.Client.TerminateAsync("alone", null, CancellationToken.None);
        await Eventually.TrueAsync(() => JournalPeek.Scalar(harness.JournalPath, "SELECT failed_attempts FROM cleanups") == 1, "the first try");
        await harness.CrashAndRestartAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(9));
        await Task.Delay(50);
        Assert.Empty(_cleaned);

        await Eventually.TrueAsync(
            () =>
            {
                harness.Time.Advance(TimeSpan.FromSeconds(1));
                return !_cleaned.IsEmpty;
            },
            "the clean-up");
        Assert.Equal(["alone"], _cleaned);
        Assert.Equal(["input of alone"], _inputs);
        await Eventually.TrueAsync(() => JournalPeek.Scalar(harness.JournalPath, "SELECT count(*) FROM cleanups") == 0, "its record");
    }

    [Fact]
    public async Task A_clean_up_that_a_crash_interrupted_runs_after_the_restart_even_if_the_instance_was_purged()
    {
        var reached = new TaskCompletionSource();
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Add(LambdaCatalog.Workflow("long", CleanUp), _ => new LambdaWorkflow(async (context, _) => await context.WaitForEventAsync("never", Timeout.InfiniteTimeSpan) ?? ""))
            .Add(CleanUp, _ => new CleanUpStep(async terminated =>
            {
                reached.TrySetResult();
                await gate.WaitAsync(CancellationToken.None);
                _cleaned.Enqueue(terminated.InstanceId);
            }));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("long");
        await harness.Client.TerminateAsync("id", null, CancellationToken.None);
        await reached.Task;
        Assert.Equal(1, await harness.Client.PurgeAsync("id", CancellationToken.None));

        await harness.CrashAndRestartAsync();
        gate.Release(2);

        await Eventually.TrueAsync(() => _cleaned.Count == 2, "the clean-up, once in each engine");
    }

    [Fact]
    public async Task The_clean_up_waits_until_the_cancelled_step_has_returned()
    {
        var order = new ConcurrentQueue<string>();
        var started = new TaskCompletionSource();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Add(LambdaCatalog.Workflow("long", CleanUp), _ => new LambdaWorkflow((context, _) => context.CallStepAsync("launch", "")))
            .Step("launch", async (_, cancellationToken) =>
            {
                started.SetResult();
                var cancelled = new TaskCompletionSource();
                using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
                await Task.Delay(30, CancellationToken.None);
                order.Enqueue("launched after all");
                return "";
            })
            .Add(CleanUp, _ => new CleanUpStep(_ =>
            {
                order.Enqueue("cleaned up");
                return Task.CompletedTask;
            }));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("long");
        await started.Task;

        await harness.Client.TerminateAsync("id", null, CancellationToken.None);

        await Eventually.TrueAsync(() => order.Count == 2, "both");
        Assert.Equal(["launched after all", "cleaned up"], order);
    }

    [Fact]
    public async Task The_clean_up_waits_until_the_cancelled_steps_of_the_children_have_returned()
    {
        var order = new ConcurrentQueue<string>();
        using var gate = new SemaphoreSlim(0);
        int started = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Add(LambdaCatalog.Workflow("batch", CleanUp), _ => new LambdaWorkflow(async (context, _) => string.Concat(
                await Task.WhenAll(context.CallChildAsync("group", "", "a"), context.CallChildAsync("group", "", "b")))))
            .Workflow("group", (context, _) => context.CallStepAsync("predict", ""))
            .Step("predict", async (_, _) =>
            {
                Interlocked.Increment(ref started);
                await gate.WaitAsync(CancellationToken.None);
                order.Enqueue("predicted after all");
                return "";
            })
            .Add(CleanUp, _ => new CleanUpStep(_ =>
            {
                order.Enqueue("cleaned up");
                return Task.CompletedTask;
            }));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("batch");
        await Eventually.TrueAsync(() => Volatile.Read(ref started) == 2, "both steps");

        await harness.Client.TerminateAsync("id", null, CancellationToken.None);
        gate.Release();
        await Eventually.TrueAsync(() => order.Count == 1, "the first step");
        gate.Release();

        await Eventually.TrueAsync(() => order.Count == 3, "all");
        Assert.Equal(["predicted after all", "predicted after all", "cleaned up"], order);
    }

    private WorkflowCatalog Family() => new WorkflowCatalog()
        .Workflow("grandparent", async (context, _) => await context.CallChildAsync("child", "", "child"))
        .Add(LambdaCatalog.Workflow("child", CleanUp), _ => new LambdaWorkflow((context, _) => Child(context)))
        .Workflow("bystander", async (context, _) => await context.WaitForEventAsync("never", Timeout.InfiniteTimeSpan) ?? "")
        .Add(CleanUp, _ => new CleanUpStep(terminated =>
        {
            if (Interlocked.Decrement(ref _failuresOfCleanUp) >= 0)
                throw new IOException("not yet");
            _cleaned.Enqueue(terminated.InstanceId);
            _inputs.Enqueue(terminated.Input?.GetString());
            return Task.CompletedTask;
        }));

    private static async Task<string> Child(IWorkflowContext context) => context.InstanceId == "child"
        ? await context.CallChildAsync("child", "", "grandchild")
        : await context.WaitForEventAsync("never", Timeout.InfiniteTimeSpan) ?? "";

    private sealed class CleanUpStep(Func<TerminatedInstance, Task> run) : Step<TerminatedInstance, bool>
    {
        public override async Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken)
        {
            await run(input);
            return true;
        }
    }
}
