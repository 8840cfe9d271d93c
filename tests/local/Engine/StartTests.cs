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
    public async Task An_id_starts_one_instance_however_many_ask_at_once_and_after_a_crash()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());

        bool[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.Client.StartAsync(Echo, "x", "one", None)));
        Assert.Single(started, true);
        await harness.EndAsync("one");
        await harness.CrashAndRestartAsync();

        Assert.False(await harness.Client.StartAsync(Echo, "y", "one", None));
        Assert.Equal("x", await harness.OutputAsync("one"));
    }

    [Fact]
    public async Task A_trigger_that_an_earlier_version_recorded_in_the_journal_is_known()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        JournalPeek.Execute(
            harness.JournalPath, "INSERT INTO triggers (key, instance_id, seen) VALUES ('datasets/a.csv@0x1', 'ingest-a-csv-1', 638000000000000000)");

        Assert.True(await harness.Engine.HasSeenAsync("datasets/a.csv@0x1", None));
        Assert.False(await harness.Engine.HasSeenAsync("datasets/a.csv@0x2", None));
    }

    [Fact]
    public async Task Starting_a_workflow_that_is_not_registered_is_refused_and_its_id_is_not_used_up()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        WorkflowRef<string, string> unknown = new("unknown");

        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.StartAsync(unknown, "", "one", None));

        Assert.True(await harness.Client.StartAsync(Echo, "x", "one", None));
    }
}
