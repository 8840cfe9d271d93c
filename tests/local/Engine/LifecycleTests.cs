using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Stopping_waits_for_steps_that_finish_and_keeps_their_outcome()
    {
        int runs = 0;
        var started = new TaskCompletionSource();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("one", (context, _) => context.CallStepAsync("finishing", ""))
            .Step("finishing", async (_, _) =>
            {
                started.TrySetResult();
                await Task.Delay(50, CancellationToken.None);
                return $"run {Interlocked.Increment(ref runs)}";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("one");
        await started.Task;

        await harness.StopAndRestartAsync();

        Assert.Equal("run 1", await harness.OutputAsync());
    }

    [Fact]
    public async Task A_step_that_stopping_cancelled_runs_again_without_losing_a_try()
    {
        int runs = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("one", (context, _) => context.CallStepAsync("heeding", ""))
            .Step("heeding", async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                return "done";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("one");
        await Eventually.TrueAsync(() => runs == 1, "the step");

        await harness.StopAndRestartAsync();

        Assert.Equal("done", await harness.OutputAsync());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Stopping_does_not_wait_longer_than_it_may_for_a_step_that_does_not_heed_its_token()
    {
        using var gate = new SemaphoreSlim(0);
        var started = new TaskCompletionSource();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("one", (context, _) => context.CallStepAsync("stubborn", ""))
            .Step("stubborn", async (_, _) =>
            {
                started.TrySetResult();
                await gate.WaitAsync(CancellationToken.None);
                return "";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("one");
        await started.Task;
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await harness.Engine.StopAsync(patience.Token);

        Assert.True(harness.Engine.Completion.IsCompletedSuccessfully);
        gate.Release();
    }

    [Fact]
    public async Task An_engine_that_was_not_started_or_has_stopped_says_so()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("echo", (_, input) => Task.FromResult(input));
        await using EngineHarness harness = EngineHarness.NotStarted(catalog);
        await using var idle = new Local.Engine.WorkflowEngine(
            new Local.Engine.WorkflowEngineOptions { JournalPath = harness.JournalPath }, catalog, null!, TimeProvider.System, harness.Log);
        Assert.Contains("not started", (await Assert.ThrowsAsync<InvalidOperationException>(() => idle.GetAsync("id", CancellationToken.None))).Message);

        await harness.StartAsync();
        await harness.Engine.StopAsync(CancellationToken.None);

        Assert.Contains("has stopped", (await Assert.ThrowsAsync<InvalidOperationException>(() => harness.StartWorkflowAsync("echo"))).Message);
        Assert.Contains("has stopped", (await Assert.ThrowsAsync<InvalidOperationException>(() => harness.StatusAsync())).Message);
    }

    [Fact]
    public async Task A_stopped_engine_leaves_one_file_that_can_be_copied()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("echo", (_, input) => Task.FromResult(input));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("echo", "x");
        await harness.EndAsync();

        await harness.Engine.StopAsync(CancellationToken.None);

        Assert.Equal([harness.JournalPath], Directory.GetFiles(Path.GetDirectoryName(harness.JournalPath)!));
    }
}
