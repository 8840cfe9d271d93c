using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine.Execution;

public sealed class WorkflowRuleTests
{
    public static TheoryData<string> Strays => ["delay", "run", "configure", "delay beside a step", "thread"];

    [Theory]
    [MemberData(nameof(Strays))]
    public async Task A_workflow_that_awaits_what_is_not_recorded_fails_and_is_told_why(string how)
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("stray", async (context, input) =>
            {
                switch (input)
                {
                    case "delay":
                        await Task.Delay(TimeSpan.FromMinutes(5));
                        break;
                    case "run":
                        await Task.Run(() => Task.Delay(TimeSpan.FromMinutes(5)));
                        break;
                    case "configure":
                        await context.CallStepAsync("echo", "").ConfigureAwait(false);
                        await context.CallStepAsync("echo", "");
                        break;
                    case "delay beside a step":
                        await Task.WhenAny(context.WaitForEventAsync("never", Timeout.InfiniteTimeSpan), Task.Delay(500));
                        break;
                    case "thread":
                        _ = Task.Run(() => context.CallStepAsync("echo", ""));
                        await context.WaitForEventAsync("never", Timeout.InfiniteTimeSpan);
                        break;
                }

                return "";
            })
            .Step("echo", text => text);
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);

        await harness.StartWorkflowAsync("stray", how);

        WorkflowStatus status = await harness.EndAsync();
        Assert.Equal(WorkflowRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Contains("awaits something that is not recorded", status.Output!.Value.GetString());
    }

    [Theory]
    [InlineData("another step", "action 1 is step b in the journal, but the code now asks for step c")]
    [InlineData("another kind", "action 1 is step b in the journal, but the code now asks for a delay")]
    [InlineData("nothing more", "action 1 is step b in the journal, but the code now does not ask for it")]
    [InlineData("ends", "action 1 is step b in the journal, but the code now does not ask for it")]
    [InlineData("catches", "action 1 is step b in the journal, but the code now asks for step c")]
    public async Task A_workflow_whose_code_does_something_else_in_the_replay_fails_naming_both(string change, string message)
    {
        static WorkflowCatalog Catalog(Func<IWorkflowContext, Task> second) => new WorkflowCatalog()
            .Workflow("changing", async (context, _) =>
            {
                await context.CallStepAsync("a", "");
                await second(context);
                return "";
            })
            .Workflow("steady", async (context, _) => await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan) ?? "")
            .Step("a", text => text)
            .Step("b", async (text, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return text;
            })
            .Step("c", text => text);
        Func<IWorkflowContext, Task> changed = change switch
        {
            "another step" => context => context.CallStepAsync("c", ""),
            "another kind" => context => context.DelayAsync(TimeSpan.FromSeconds(1)),
            "nothing more" => _ => new TaskCompletionSource().Task,
            "ends" => _ => Task.CompletedTask,
            _ => CatchAsync,
        };
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog(context => context.CallStepAsync("b", "")));
        await harness.StartWorkflowAsync("changing");
        await harness.StartWorkflowAsync("steady", id: "steady");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 1") == 2, "both steps");

        harness.Catalog = Catalog(changed);
        await harness.CrashAndRestartAsync();

        WorkflowStatus status = await harness.EndAsync();
        Assert.Equal(WorkflowRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Contains(message, status.Output!.Value.GetString());

        // The others go on.
        await harness.Client.RaiseEventAsync("steady", "go", "well", CancellationToken.None);
        Assert.Equal("well", await harness.OutputAsync("steady"));
    }

    /// <summary>Code that tries to get away with it.</summary>
    private static async Task CatchAsync(IWorkflowContext context)
    {
        try
        {
            await context.CallStepAsync("c", "");
        }
        catch (Exception)
        {
            context.SetStatus("nothing happened");
        }
    }

    [Fact]
    public async Task An_answer_to_what_the_code_no_longer_asks_for_fails_the_instance()
    {
        static WorkflowCatalog Catalog(int steps) => new WorkflowCatalog()
            .Workflow("changing", async (context, _) =>
            {
                Task<string>[] all = [.. Enumerable.Range(0, steps).Select(i => context.CallStepAsync("echo", $"{i}"))];
                await Task.WhenAll(all);
                return await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan) ?? "";
            })
            .Step("echo", text => text);
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog(3));
        await harness.StartWorkflowAsync("changing");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 1, "the wait");

        harness.Catalog = Catalog(2);
        await harness.CrashAndRestartAsync();

        Assert.Contains("action 2 is step echo in the journal", (await harness.EndAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task An_instance_whose_workflow_is_gone_fails_after_the_restart_and_the_others_go_on()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(new WorkflowCatalog()
            .Workflow("gone", async (context, _) => await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan) ?? ""));
        await harness.StartWorkflowAsync("gone");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 1, "the wait");

        harness.Catalog = new WorkflowCatalog().Workflow("echo", (_, input) => Task.FromResult(input));
        await harness.CrashAndRestartAsync();

        Assert.Equal("No workflow is registered under the name gone.", (await harness.EndAsync()).Output!.Value.GetString());
        await harness.StartWorkflowAsync("echo", "fine", "other");
        Assert.Equal("fine", await harness.OutputAsync("other"));
    }

    [Fact]
    public async Task An_instance_whose_history_cannot_be_understood_fails_and_the_others_go_on()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("wait", async (context, _) => await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan) ?? "");
        await using EngineHarness harness = await EngineHarness.StartAsync(catalog);
        await harness.StartWorkflowAsync("wait", id: "damaged");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 1, "the wait");
        await harness.StartWorkflowAsync("wait", id: "sound");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 2, "both");
        await harness.Engine.DisposeAsync();
        JournalPeek.Execute(harness.JournalPath, "UPDATE events SET kind = 99 WHERE instance = 1");

        await harness.StartAsync();

        Assert.Contains("unknown kind 99", (await harness.EndAsync("damaged")).Output!.Value.GetString());
        await harness.Client.RaiseEventAsync("sound", "go", "well", CancellationToken.None);
        Assert.Equal("well", await harness.OutputAsync("sound"));
    }
}
