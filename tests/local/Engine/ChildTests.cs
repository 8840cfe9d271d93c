using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class ChildTests
{
    [Fact]
    public async Task A_childs_output_reaches_its_parent_across_crashes()
    {
        using var gate = new SemaphoreSlim(0);
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("parent", async (context, input) => "got " + await context.CallChildAsync("child", input, "child-1"))
            .Workflow("child", (context, input) => context.CallStepAsync("gated", input))
            .Step("gated", async (input, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return input + input;
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("parent", "x");
        await Eventually.TrueAsync(async () => await harness.Client.GetAsync("child-1", CancellationToken.None) is not null, "the child");

        await harness.CrashAndRestartAsync();
        gate.Release(2);

        Assert.Equal("got xx", await harness.OutputAsync());
        Assert.Equal("xx", await harness.OutputAsync("child-1"));
    }

    [Fact]
    public async Task Several_parents_wait_for_one_child_which_runs_once()
    {
        using var gate = new SemaphoreSlim(0);
        int runs = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("parent", (context, input) => context.CallChildAsync("child", input, "shared"))
            .Workflow("child", (context, input) => context.CallStepAsync("gated", input))
            .Step("gated", async (_, cancellationToken) =>
            {
                await gate.WaitAsync(cancellationToken);
                return $"run {Interlocked.Increment(ref runs)}";
            });
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("parent", id: "p1");
        await harness.StartWorkflowAsync("parent", id: "p2");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 7") == 2, "both parents");
        gate.Release(1);

        Assert.Equal("run 1", await harness.OutputAsync("p1"));
        Assert.Equal("run 1", await harness.OutputAsync("p2"));

        // And one that comes after the child has ended.
        await harness.StartWorkflowAsync("parent", id: "p3");
        Assert.Equal("run 1", await harness.OutputAsync("p3"));
    }

    [Fact]
    public async Task An_instance_of_another_workflow_under_the_childs_id_fails_the_call()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("parent", (context, _) => context.CallChildAsync("child", "", "taken"))
            .Workflow("child", (_, _) => Task.FromResult(""))
            .Workflow("other", (_, _) => Task.FromResult(""));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("other", id: "taken");

        await harness.StartWorkflowAsync("parent");

        Assert.Equal("child failed: Instance taken exists and is a other, not a child.", (await harness.EndAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task A_workflow_cannot_be_its_own_child()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("loop", (context, _) => context.CallChildAsync("loop", "", context.InstanceId));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);

        await harness.StartWorkflowAsync("loop");

        Assert.Contains("cannot be its own child", (await harness.EndAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task A_child_that_no_workflow_is_registered_for_fails_the_call()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("parent", (context, _) => context.CallChildAsync("nowhere", "", "child-1"));
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);

        await harness.StartWorkflowAsync("parent");

        Assert.Contains("No workflow is registered under the name nowhere", (await harness.EndAsync()).Output!.Value.GetString());
    }
}
