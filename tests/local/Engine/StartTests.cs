using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class StartTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly WorkflowRef<string, string> Echo = new("echo");

    private static WorkflowCatalog Catalog() => new WorkflowCatalog().Workflow("echo", (_, input) => Task.FromResult(input));

    [Fact]
    public async Task A_trigger_starts_its_workflow_once_also_after_a_purge_and_a_crash()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());

        bool[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.Engine.StartOnceAsync("blob@1", Echo, "x", "one", None)));
        Assert.Single(started, true);
        await harness.EndAsync("one");
        await harness.Client.PurgeAsync("one", None);
        await harness.CrashAndRestartAsync();

        Assert.False(await harness.Engine.StartOnceAsync("blob@1", Echo, "x", "one", None));
        Assert.Null(await harness.Client.GetAsync("one", None));
        Assert.True(await harness.Engine.StartOnceAsync("blob@2", Echo, "y", "two", None));
    }

    [Fact]
    public async Task A_trigger_whose_instance_exists_is_remembered_and_starts_nothing()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        await harness.Client.StartAsync(Echo, "by hand", "one", None);

        Assert.False(await harness.Engine.StartOnceAsync("blob@1", Echo, "by trigger", "one", None));

        Assert.Equal("by hand", await harness.OutputAsync("one"));
        await harness.Client.PurgeAsync("one", None);
        Assert.False(await harness.Engine.StartOnceAsync("blob@1", Echo, "by trigger", "one", None));
        Assert.Null(await harness.Client.GetAsync("one", None));
    }

    [Fact]
    public async Task Starting_a_workflow_that_is_not_registered_is_refused_and_its_trigger_is_not_used_up()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        WorkflowRef<string, string> unknown = new("unknown");

        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.StartAsync(unknown, "", "one", None));
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Engine.StartOnceAsync("blob@1", unknown, "", "one", None));

        Assert.True(await harness.Engine.StartOnceAsync("blob@1", Echo, "x", "one", None));
    }
}
