using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Port;

/// <content>Child workflows.</content>
public abstract partial class WorkflowPortSuite
{
    [Fact]
    public async Task A_childs_output_reaches_its_parent_and_the_child_is_an_instance_under_its_id()
    {
        WorkflowCatalog catalog = Catalog().Workflow(
            "parent", async (context, input) => "got " + await context.CallChildAsync("echo", input, $"{context.InstanceId}-child"));
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("parent", "x", _id);

        Assert.Equal("got x", await run.OutputAsync<string>(_id));
        Assert.Equal("echo", (await run.EndAsync($"{_id}-child")).Name);
    }

    [Fact]
    public async Task A_failed_child_fails_the_call_with_its_error()
    {
        WorkflowCatalog catalog = Catalog()
            .Workflow("parent", (context, input) => ToldAsync(context.CallChildAsync("break", input, $"{context.InstanceId}-child")));
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("parent", "no rows", _id);

        Assert.Equal("break|System.IO.InvalidDataException|no rows", await run.OutputAsync<string>(_id));
        Assert.Equal("no rows", await run.ErrorAsync($"{_id}-child"));
    }

    [Fact]
    public async Task A_child_that_runs_already_is_not_started_again_its_outcome_is_awaited()
    {
        Assert.SkipUnless(engine.AdoptsExistingChildren, "On this engine a child takes the place of an instance of its id.");
        WorkflowCatalog catalog = Catalog().Workflow("parent", async (context, input) =>
        {
            Task<string> child = context.CallChildAsync("wait", "second ", input);
            context.SetStatus("called");
            return await child;
        });
        await using EngineRun run = await StartAsync(catalog);
        string child = $"{_id}-child";
        await run.StartWorkflowAsync("wait", "first ", child);
        await run.UntilStatusAsync(child, "waiting");
        await run.StartWorkflowAsync("parent", child, _id);
        await run.UntilStatusAsync(_id, "called");

        await run.Client.RaiseEventAsync(child, "go", "went", Cancel);

        Assert.Equal("first went", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task A_child_that_has_ended_is_not_started_again_its_outcome_is_given()
    {
        Assert.SkipUnless(engine.AdoptsExistingChildren, "On this engine a child takes the place of an instance of its id.");
        WorkflowCatalog catalog = Catalog()
            .Workflow("parent", (context, input) => ToldAsync(context.CallChildAsync(input.Split('-')[1], "second", input)));
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("echo", "first", $"{_id}-echo");
        await run.StartWorkflowAsync("break", "first", $"{_id}-break");
        await run.EndAsync($"{_id}-echo");
        await run.EndAsync($"{_id}-break");

        await run.StartWorkflowAsync("parent", $"{_id}-echo", $"{_id}.1");
        await run.StartWorkflowAsync("parent", $"{_id}-break", $"{_id}.2");

        Assert.Equal("first", await run.OutputAsync<string>($"{_id}.1"));
        Assert.Equal("break|System.IO.InvalidDataException|first", await run.OutputAsync<string>($"{_id}.2"));
    }

    [Fact]
    public async Task A_parent_learns_that_its_child_was_terminated()
    {
        WorkflowCatalog catalog = Catalog()
            .Workflow("parent", (context, _) => ToldAsync(context.CallChildAsync("wait", "", $"{context.InstanceId}-child")));
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("parent", "", _id);
        await run.UntilStatusAsync($"{_id}-child", "waiting");

        await run.Client.TerminateAsync($"{_id}-child", "enough", Cancel);

        Assert.StartsWith($"wait|{StepFailedException.TerminatedType}|", await run.OutputAsync<string>(_id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_that_fails_because_its_child_was_terminated_says_so()
    {
        WorkflowCatalog catalog = Catalog()
            .Workflow("parent", (context, _) => context.CallChildAsync("wait", "", $"{context.InstanceId}-child"));
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("parent", "", _id);
        await run.UntilStatusAsync($"{_id}-child", "waiting");

        await run.Client.TerminateAsync($"{_id}-child", reason: null, Cancel);

        Assert.Equal("wait was terminated", await run.ErrorAsync(_id));
    }
}
