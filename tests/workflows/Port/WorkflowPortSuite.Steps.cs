using System.Collections.Concurrent;
using System.Globalization;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.WorkflowSuite.Engines;
using Xunit;

namespace KeypointPipeline.WorkflowSuite.Port;

/// <content>Steps: their order, their data, their failures.</content>
public abstract partial class WorkflowPortSuite
{
    private static readonly StepRetry ThreeTries = new(3, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Outputs_flow_from_step_to_step()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("shout", async (context, input) =>
            {
                string upper = await context.CallStepAsync("upper", input);
                return await context.CallStepAsync("exclaim", upper);
            })
            .Step("upper", text => text.ToUpperInvariant())
            .Step("exclaim", text => text + "!");
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("shout", "so größe", _id);

        Assert.Equal("SO GRÖßE!", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task Inputs_and_outputs_are_the_pipelines_json_and_nothing_is_lost_on_the_way()
    {
        var sent = new Parcel("ü \"quoted\" \u2028", 0.1 + 0.2, DayOfWeek.Friday, null, [1, long.MaxValue], new DateTimeOffset(2026, 11, 23, 12, 0, 0, 1, TimeSpan.Zero));
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Add(ParcelWorkflow.Ref, _ => new ParcelWorkflow())
            .Add(ParcelStep.Ref, _ => new ParcelStep());
        await using EngineRun run = await StartAsync(catalog);

        await run.Client.StartAsync(ParcelWorkflow.Ref, sent, _id, Cancel);
        Parcel received = await run.OutputAsync<Parcel>(_id);

        Assert.Equal(PipelineJson.Write(sent with { Optional = "seen" }), PipelineJson.Write(received));
        Assert.Equal(PipelineJson.Write(sent), PipelineJson.Write((await run.StatusAsync(_id)).Input));
        Assert.Contains("\"day\":\"friday\"", PipelineJson.Write((await run.StatusAsync(_id)).Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fan_out_gathers_all_outputs_in_the_order_of_the_calls()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("squares", async (context, _) =>
                string.Join(' ', await Task.WhenAll(Enumerable.Range(0, 6).Select(i => context.CallStepAsync("square", $"{i}")))))
            .Step("square", text => $"{int.Parse(text, CultureInfo.InvariantCulture) * int.Parse(text, CultureInfo.InvariantCulture)}");
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("squares", "", _id);

        Assert.Equal("0 1 4 9 16 25", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task A_failing_step_is_tried_again_until_it_succeeds()
    {
        int tries = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("try", (context, _) => context.CallStepAsync("shaky", "", ThreeTries))
            .Step("shaky", _ => Interlocked.Increment(ref tries) is var now && now < 3 ? throw new IOException("not yet") : $"try {now}", ThreeTries);
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("try", "", _id);

        Assert.Equal("try 3", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task The_last_error_reaches_the_workflow_after_the_last_try_by_step_type_and_message()
    {
        int tries = 0;
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("try", (context, _) => ToldAsync(context.CallStepAsync("broken", "", ThreeTries)))
            .Step("broken", _ => throw new IOException($"try {Interlocked.Increment(ref tries)}"), ThreeTries);
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("try", "", _id);

        Assert.Equal("broken|System.IO.IOException|try 3", await run.OutputAsync<string>(_id));
    }

    [Fact]
    public async Task A_permanent_failure_is_not_tried_again()
    {
        var tries = new ConcurrentQueue<string>();
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("try", (context, _) => ToldAsync(context.CallStepAsync("hopeless", "", ThreeTries)))
            .Step(
                "hopeless",
                input =>
                {
                    tries.Enqueue(input);
                    throw new PermanentStepException("the file is empty", new InvalidDataException("0 bytes"));
                },
                ThreeTries);
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("try", "", _id);

        Assert.Equal($"hopeless|{typeof(PermanentStepException).FullName}|the file is empty", await run.OutputAsync<string>(_id));
        Assert.Single(tries);
    }

    [Fact]
    public async Task A_step_failure_that_nobody_catches_is_the_workflows_error()
    {
        WorkflowCatalog catalog = new WorkflowCatalog()
            .Workflow("one", (context, _) => context.CallStepAsync("broken", ""))
            .Step("broken", _ => throw new IOException("disk gone"));
        await using EngineRun run = await StartAsync(catalog);

        await run.StartWorkflowAsync("one", "", _id);

        Assert.Equal("broken failed: disk gone", await run.ErrorAsync(_id));
    }

    /// <summary>What a workflow learns about a failure.</summary>
    private static async Task<string> ToldAsync(Task<string> call)
    {
        try
        {
            return await call;
        }
        catch (StepFailedException e)
        {
            return $"{e.StepName}|{e.ErrorType}|{e.Reason}";
        }
    }

    private sealed record Parcel(string Text, double Number, DayOfWeek Day, string? Optional, IReadOnlyList<long> Numbers, DateTimeOffset Time);

    private sealed class ParcelWorkflow : Workflow<Parcel, Parcel>
    {
        public static WorkflowRef<Parcel, Parcel> Ref { get; } = new("parcel");

        public override Task<Parcel> RunAsync(IWorkflowContext context, Parcel input) => context.CallStepAsync(ParcelStep.Ref, input);
    }

    private sealed class ParcelStep : Step<Parcel, Parcel>
    {
        public static StepRef<Parcel, Parcel> Ref { get; } = new("look", StepRetry.None);

        public override Task<Parcel> RunAsync(Parcel input, CancellationToken cancellationToken) => Task.FromResult(input with { Optional = "seen" });
    }
}
