using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class StatusTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static WorkflowCatalog Catalog() => new WorkflowCatalog()
        .Workflow("echo", (_, input) => Task.FromResult(input))
        .Workflow("break", (_, _) => throw new InvalidDataException("broken"))
        .Workflow("wait", async (context, input) =>
        {
            context.SetStatus(new { stage = "waiting", input });
            string? data = await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan);
            context.SetStatus(new { stage = "told", data });
            await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan);
            return "";
        })
        .Workflow("parent", (context, input) => context.CallChildAsync("echo", input, context.InstanceId + "-child"));

    [Fact]
    public async Task An_instance_shows_its_times_by_the_engines_clock()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        DateTimeOffset start = harness.Time.GetUtcNow();
        await harness.StartWorkflowAsync("echo", "hi");

        WorkflowStatus status = await harness.EndAsync();

        Assert.Equal(
            ("echo", "id", WorkflowRuntimeStatus.Completed, "hi", "hi", start, start),
            (status.Name, status.InstanceId, status.RuntimeStatus, status.Input!.Value.GetString(), status.Output!.Value.GetString(), status.CreatedTime, status.LastUpdatedTime));
        Assert.Null(status.CustomStatus);
    }

    [Fact]
    public async Task The_custom_status_is_the_last_one_set_also_after_a_crash()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        await harness.StartWorkflowAsync("wait", "x");
        await Eventually.TrueAsync(async () => (await harness.StatusAsync()).CustomStatus is not null, "the first status");
        Assert.Equal("""{"stage":"waiting","input":"x"}""", (await harness.StatusAsync()).CustomStatus!.Value.GetRawText());
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.Client.RaiseEventAsync("id", "go", "now", None);
        await Eventually.TrueAsync(async () => (await harness.StatusAsync()).CustomStatus!.Value.GetProperty("stage").GetString() == "told", "the second status");

        await harness.CrashAndRestartAsync();

        WorkflowStatus status = await harness.StatusAsync();
        Assert.Equal("""{"stage":"told","data":"now"}""", status.CustomStatus!.Value.GetRawText());
        Assert.Equal(TimeSpan.FromMinutes(1), status.LastUpdatedTime - status.CreatedTime);
    }

    [Fact]
    public async Task Lists_take_times_to_the_tick_and_prefixes_literally()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        DateTimeOffset start = harness.Time.GetUtcNow();
        foreach ((string name, string id) in new[] { ("echo", "a1"), ("break", "a2"), ("wait", "b1"), ("echo", "b2") })
        {
            await harness.StartWorkflowAsync(name, id: id);
            if (name != "wait")
                await harness.EndAsync(id);
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        async Task<string> Ids(WorkflowQuery query) =>
            string.Join(' ', (await harness.Client.ListAsync(query, None)).Select(status => status.InstanceId));

        Assert.Equal("b2 b1 a2 a1", await Ids(new WorkflowQuery()));
        Assert.Equal("b2 b1", await Ids(new WorkflowQuery(Top: 2)));
        Assert.Equal("b2 a1", await Ids(new WorkflowQuery(Name: "echo")));
        Assert.Equal("a2 a1", await Ids(new WorkflowQuery(InstanceIdPrefix: "a")));
        Assert.Equal("", await Ids(new WorkflowQuery(InstanceIdPrefix: "%")));
        Assert.Equal("b2 a2 a1", await Ids(new WorkflowQuery([WorkflowRuntimeStatus.Completed, WorkflowRuntimeStatus.Failed])));
        Assert.Equal("b2 b1", await Ids(new WorkflowQuery(CreatedFrom: start.AddMinutes(2))));
        Assert.Equal("a2 a1", await Ids(new WorkflowQuery(CreatedTo: start.AddMinutes(1))));
        Assert.Equal("a1", await Ids(new WorkflowQuery([WorkflowRuntimeStatus.Completed], start, start.AddMinutes(5), "echo", "a", 10)));
    }

    [Fact]
    public async Task Purging_an_ended_instance_deletes_it_and_its_children_and_nothing_else()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        await harness.StartWorkflowAsync("parent", "x", "p");
        await harness.StartWorkflowAsync("parent", "y", "other");
        await harness.EndAsync("p");
        await harness.EndAsync("other");

        Assert.Equal(2, await harness.Client.PurgeAsync("p", None));

        Assert.Null(await harness.Client.GetAsync("p", None));
        Assert.Null(await harness.Client.GetAsync("p-child", None));
        Assert.Equal("y", await harness.OutputAsync("other-child"));
        Assert.Equal(2, JournalPeek.Count(harness.JournalPath, "1"));
        Assert.Equal(0, await harness.Client.PurgeAsync("p", None));
    }
}
