using System.Collections.Concurrent;
using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Port;

/// <content>Instances from outside: start, status, list, terminate, purge.</content>
public abstract partial class WorkflowPortSuite
{
    private static readonly StepRef<TerminatedInstance, bool> CleanUp = new("clean-up", StepRetry.None);

    [Fact]
    public async Task An_instance_shows_what_it_is_what_it_got_and_what_it_gave()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("echo", "hi", _id);

        WorkflowStatus status = await run.EndAsync(_id);

        Assert.Equal(
            ("echo", _id, WorkflowRuntimeStatus.Completed, "hi", "hi"),
            (status.Name, status.InstanceId, status.RuntimeStatus, status.Input!.Value.GetString(), status.Output!.Value.GetString()));
        Assert.Null(status.CustomStatus);
        Assert.True(status.CreatedTime <= status.LastUpdatedTime);
        Assert.Null(await run.Client.GetAsync($"{_id}-nobody", Cancel));
    }

    [Fact]
    public async Task A_failed_instances_output_is_its_error()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("break", "broken", _id);

        Assert.Equal("broken", await run.ErrorAsync(_id));
    }

    [Fact]
    public async Task The_custom_status_is_the_last_one_set()
    {
        WorkflowCatalog catalog = new WorkflowCatalog().Workflow("stages", async (context, input) =>
        {
            context.SetStatus(new { stage = "waiting", input });
            await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan);
            context.SetStatus(new { stage = "going" });
            context.SetStatus(new { stage = "gone" });
            return "";
        });
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("stages", "x", _id);
        await Eventually.TrueAsync(async () => (await run.Client.GetAsync(_id, Cancel))?.CustomStatus is not null, "the first status");
        JsonElement first = (await run.StatusAsync(_id)).CustomStatus!.Value;
        Assert.Equal(("waiting", "x"), (first.GetProperty("stage").GetString(), first.GetProperty("input").GetString()));

        await run.Client.RaiseEventAsync(_id, "go", "", Cancel);

        Assert.Equal("gone", (await run.EndAsync(_id)).CustomStatus!.Value.GetProperty("stage").GetString());
    }

    [Fact]
    public async Task Of_concurrent_starts_under_one_id_exactly_one_starts()
    {
        await using EngineRun run = await StartAsync(Catalog());

        bool[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => run.StartWorkflowAsync("echo", $"{i}", _id), Cancel)));

        Assert.Single(started, true);
        Assert.Equal($"{Array.IndexOf(started, true)}", await run.OutputAsync<string>(_id));
        Assert.False(await run.StartWorkflowAsync("echo", "again", _id));
        Assert.Equal($"{Array.IndexOf(started, true)}", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task Instances_are_listed_newest_first_by_status_time_name_prefix_and_number()
    {
        await using EngineRun run = await StartAsync(Catalog());
        foreach ((string name, string id) in new[] { ("echo", "a1"), ("break", "a2"), ("wait", "b1"), ("echo", "b2") })
        {
            await run.StartWorkflowAsync(name, "", $"{_id}{id}");
            if (name == "wait")
                await run.UntilStatusAsync($"{_id}{id}", "waiting");
            else
                await run.EndAsync($"{_id}{id}");
        }

        DateTimeOffset third = (await run.StatusAsync($"{_id}b1")).CreatedTime;

        async Task<string> Ids(WorkflowQuery query) => string.Join(
            ' ',
            (await run.Client.ListAsync(query with { InstanceIdPrefix = _id + query.InstanceIdPrefix }, Cancel)).Select(status => status.InstanceId[_id.Length..]));

        Assert.Equal("b2 b1 a2 a1", await Ids(new WorkflowQuery()));
        Assert.Equal("b2 b1", await Ids(new WorkflowQuery(Top: 2)));
        Assert.Equal("b2 a1", await Ids(new WorkflowQuery(Name: "echo")));
        Assert.Equal("a2 a1", await Ids(new WorkflowQuery(InstanceIdPrefix: "a")));
        Assert.Equal("b2 a2 a1", await Ids(new WorkflowQuery([WorkflowRuntimeStatus.Completed, WorkflowRuntimeStatus.Failed])));
        Assert.Equal("b1", await Ids(new WorkflowQuery([WorkflowRuntimeStatus.Running])));
        Assert.Equal("b2 b1", await Ids(new WorkflowQuery(CreatedFrom: third)));
        Assert.Equal("a2 a1", await Ids(new WorkflowQuery(CreatedTo: third.AddTicks(-1))));
        Assert.Equal("a1", await Ids(new WorkflowQuery([WorkflowRuntimeStatus.Completed], third.AddHours(-1), third.AddHours(1), "echo", "a", 10)));
    }

    [Fact]
    public async Task A_terminated_instance_shows_it_with_the_reason_and_cannot_be_terminated_again()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("wait", "", _id);
        await run.UntilStatusAsync(_id, "waiting");

        Assert.True(await run.Client.TerminateAsync(_id, "not needed", Cancel));

        WorkflowStatus status = await run.EndAsync(_id);
        Assert.Equal((WorkflowRuntimeStatus.Terminated, "not needed"), (status.RuntimeStatus, status.Output!.Value.GetString()));
        Assert.False(await run.Client.TerminateAsync(_id, "again", Cancel));
        Assert.False(await run.Client.TerminateAsync($"{_id}-nobody", null, Cancel));
    }

    [Fact]
    public async Task Children_are_terminated_too_and_cleaned_up_after()
    {
        Assert.SkipUnless(engine.TerminatesWithChildren, "This engine ends the instance alone.");
        var cleaned = new ConcurrentQueue<TerminatedInstance>();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("parent", (context, _) => context.CallChildAsync("child", "input", $"{context.InstanceId}-child"))
            .Add(LambdaCatalog.Workflow("child", CleanUp), _ => new LambdaWorkflow(WaitAsync))
            .Workflow("bystander", WaitAsync)
            .Add(CleanUp, _ => new CleanUpStep(cleaned.Enqueue));
        await using EngineRun run = await StartAsync(catalog);
        await run.StartWorkflowAsync("bystander", "", $"{_id}-bystander");
        await run.StartWorkflowAsync("parent", "", _id);
        await run.UntilStatusAsync($"{_id}-child", "waiting");
        await run.UntilStatusAsync($"{_id}-bystander", "waiting");

        await run.Client.TerminateAsync(_id, "stop", Cancel);

        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await run.EndAsync(_id)).RuntimeStatus);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await run.EndAsync($"{_id}-child")).RuntimeStatus);
        Assert.Equal(WorkflowRuntimeStatus.Running, (await run.StatusAsync($"{_id}-bystander")).RuntimeStatus);
        await Eventually.TrueAsync(() => !cleaned.IsEmpty, "the clean-up");
        Assert.Equal([($"{_id}-child", "input")], cleaned.Select(instance => (instance.InstanceId, instance.Input!.Value.GetString())).Distinct());
    }

    [Fact]
    public async Task An_ended_instance_can_be_purged_and_its_id_used_again()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("echo", "1", _id);
        await run.StartWorkflowAsync("echo", "other", $"{_id}-other");
        await run.EndAsync(_id);
        await run.EndAsync($"{_id}-other");

        Assert.Equal(1, await run.Client.PurgeAsync(_id, Cancel));
        Assert.Null(await run.Client.GetAsync(_id, Cancel));
        Assert.Equal(0, await run.Client.PurgeAsync(_id, Cancel));
        Assert.NotNull(await run.Client.GetAsync($"{_id}-other", Cancel));
        Assert.True(await run.StartWorkflowAsync("echo", "2", _id));
        Assert.Equal("2", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task What_still_runs_cannot_be_purged()
    {
        await using EngineRun run = await StartAsync(Catalog());
        await run.StartWorkflowAsync("wait", "", _id);
        await run.UntilStatusAsync(_id, "waiting");

        Assert.Equal(0, await run.Client.PurgeAsync(_id, Cancel));
        Assert.NotNull(await run.Client.GetAsync(_id, Cancel));
    }

    private sealed class CleanUpStep(Action<TerminatedInstance> clean) : Step<TerminatedInstance, bool>
    {
        public override Task<bool> RunAsync(TerminatedInstance input, CancellationToken cancellationToken)
        {
            clean(input);
            return Task.FromResult(true);
        }
    }
}
