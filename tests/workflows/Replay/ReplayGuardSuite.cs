using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Replay;

/// <summary>The guard catches what a replay cannot bear, on any engine, and leaves everything else as it is.</summary>
public abstract class ReplayGuardSuite(IEngineUnderTest engine) : IDisposable
{
    private readonly string _id = $"g{Guid.NewGuid():N}";
    private readonly TemporaryFolder _folder = TestFolder.Create("guard");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Task.Delay")]
    [InlineData("Task.Run")]
    [InlineData("file")]
    [InlineData("ConfigureAwait(false)")]
    [InlineData("thread")]
    public async Task A_workflow_that_awaits_what_is_not_recorded_fails_and_is_told_why(string how)
    {
        string error = await RunAsync(async (context, input) =>
        {
            switch (how)
            {
                case "Task.Delay":
                    await Task.Delay(TimeSpan.FromMinutes(5));
                    break;
                case "Task.Run":
                    await context.CallStepAsync("echo", "");
                    await Task.Run(() => Task.Delay(TimeSpan.FromMinutes(5)));
                    break;
                case "file":
                    await File.ReadAllTextAsync(input);
                    await File.ReadAllTextAsync(input);
                    break;
                case "ConfigureAwait(false)":
                    await context.CallStepAsync("echo", "").ConfigureAwait(false);
                    await context.CallStepAsync("echo", "");
                    break;
                case "thread":
                    await Task.Run(() => context.CallStepAsync("echo", ""));
                    break;
            }

            return "";
        });

        Assert.Contains("awaits something that is not recorded", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DateTime.Now in a step", "call 1 was step echo with")]
    [InlineData("Guid.NewGuid in a step", "call 1 was step echo with")]
    [InlineData("Guid.NewGuid in a child's id", "call 1 was child echo under")]
    [InlineData("Random in a delay", "call 1 was a delay of")]
    [InlineData("Guid.NewGuid in a status", "call 2 was status")]
    [InlineData("Guid.NewGuid in an event's name", "call 1 was a wait for event")]
    [InlineData("Guid.NewGuid in the output", "it ends with")]
    [InlineData("Guid.NewGuid in an error", "it fails with")]
    [InlineData("an exception caught", "call 1 was step echo with")]
    [InlineData("less each time", "call 1 was status \"0\", but in a replay is not made")]
    public async Task A_workflow_that_asks_for_something_else_in_a_replay_fails_naming_the_first_difference(string what, string difference)
    {
        int runs = 0;
        string error = await RunAsync(async (context, _) =>
        {
            switch (what)
            {
                case "DateTime.Now in a step":
                    return await context.CallStepAsync("echo", $"{DateTime.Now:O}");
                case "Guid.NewGuid in a step":
                    return await context.CallStepAsync("echo", $"{Guid.NewGuid()}");
                case "Guid.NewGuid in a child's id":
                    return await context.CallChildAsync("echo", "", $"{context.InstanceId}-{Guid.NewGuid():N}");
                case "Random in a delay":
                    await context.DelayAsync(TimeSpan.FromTicks(Random.Shared.Next(1, 1_000_000)));
                    return "";
                case "Guid.NewGuid in a status":
                    await context.CallStepAsync("echo", "");
                    context.SetStatus(Guid.NewGuid());
                    return "";
                case "Guid.NewGuid in an event's name":
                    return $"{await context.WaitForEventAsync($"{Guid.NewGuid()}", TimeSpan.FromMilliseconds(100))}";
                case "Guid.NewGuid in the output":
                    return $"{Guid.NewGuid()}";
                case "Guid.NewGuid in an error":
                    throw new InvalidOperationException($"{Guid.NewGuid()}");
                case "an exception caught":
                    try
                    {
                        return await context.CallStepAsync("echo", $"{Guid.NewGuid()}");
                    }
                    catch (Exception)
                    {
                        return "";
                    }

                default:
                    if (Interlocked.Increment(ref runs) == 1)
                        context.SetStatus("0");
                    return "";
            }
        });

        if (engine.OwnReplayError is string own && error.StartsWith(own, StringComparison.Ordinal))
            return;
        Assert.Contains("Workflow guarded (", error, StringComparison.Ordinal);
        Assert.Contains("is not deterministic: " + difference, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_by_the_engine_that_asks_for_something_else_fails()
    {
        int runs = 0;
        WorkflowCatalog catalog = Catalog(async (context, _) =>
        {
            Task<string?> told = context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan);
            context.SetStatus(Interlocked.Increment(ref runs) == 1 ? "begun" : "again");
            return await told ?? "";
        });
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(catalog));
        await run.StartWorkflowAsync("guarded", "", _id);
        await run.UntilStatusAsync(_id, "begun");

        await run.ReplayAsync();
        await run.Client.RaiseEventAsync(_id, "go", "", Cancel);

        Assert.Contains("call 2 was status \"begun\", but in a replay is status \"again\"", await run.ErrorAsync(_id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_keeps_the_rules_does_the_same_as_without_the_guard()
    {
        WorkflowCatalog catalog = Catalog(GoodAsync);
        string plain = await GoodOutputAsync(catalog, _id);
        var guard = new ReplayGuard();

        string guarded = await GoodOutputAsync(guard.Over(catalog), _id);

        Assert.Equal("a b | late | event | not found | child | echo failed: no", plain);
        Assert.Equal(plain, guarded);
        Assert.Equal(1, guard.Rehearsed["guarded"]);
        Assert.Equal(1, guard.Rehearsed["echo"]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static WorkflowCatalog Catalog(Func<IWorkflowContext, string, Task<string>> guarded) => new WorkflowCatalog()
        .Workflow("guarded", guarded)
        .Workflow("echo", (_, input) => Task.FromResult(input))
        .Step("echo", text => text == "no" ? throw new IOException("no") : text);

    /// <summary>One of everything.</summary>
    private static async Task<string> GoodAsync(IWorkflowContext context, string input)
    {
        string[] both = await Task.WhenAll(context.CallStepAsync("echo", "a"), context.CallStepAsync("echo", "b"));
        await Task.Yield();
        DateTimeOffset before = context.UtcNow;
        Task<string?> never = context.WaitForEventAsync("never", TimeSpan.FromHours(1));
        await Task.WhenAny(never, context.DelayAsync(TimeSpan.FromMilliseconds(100)));
        string late = context.UtcNow > before && !never.IsCompleted ? "late" : "early";
        context.SetStatus("waiting");
        string? told = await context.WaitForEventAsync("go", TimeSpan.FromHours(1));
        string? nothing = await context.WaitForEventAsync("other", TimeSpan.FromMilliseconds(100));
        await context.CallStepAsync("echo", $"{context.UtcNow:O}");
        string child = await context.CallChildAsync("echo", "child", $"{context.InstanceId}-child");
        string failed = "";
        try
        {
            await context.CallStepAsync("echo", "no");
        }
        catch (StepFailedException e)
        {
            failed = e.Message;
        }

        // Nothing may be left open: some engines end an instance only then.
        await context.WaitForEventAsync("end", TimeSpan.FromHours(1));
        await never;
        return $"{string.Join(' ', both)} | {late} | {told} | {nothing ?? "not found"} | {child} | {failed}";
    }

    private async Task<string> GoodOutputAsync(WorkflowCatalog catalog, string id)
    {
        await using EngineRun run = await EngineRun.StartAsync(engine, catalog);
        await run.StartWorkflowAsync("guarded", "", id);
        await run.UntilStatusAsync(id, "waiting");
        await run.ReplayAsync();
        foreach (string name in new[] { "go", "end", "never" })
            Assert.True(await run.Client.RaiseEventAsync(id, name, "event", Cancel));
        return await run.OutputAsync<string>(id);
    }

    private async Task<string> RunAsync(Func<IWorkflowContext, string, Task<string>> guarded)
    {
        string file = _folder.File("large.txt");
        await File.WriteAllTextAsync(file, new string('x', 4_000_000), Cancel);
        await using EngineRun run = await EngineRun.StartAsync(engine, new ReplayGuard().Over(Catalog(guarded)));
        await run.StartWorkflowAsync("guarded", file, _id);
        return await run.ErrorAsync(_id);
    }
}
