using KeypointPipeline.Port;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Replay;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Workflows;

/// <summary>No workflow's compiled code calls what would differ in a replay.</summary>
public sealed class WorkflowCodeTests
{
    public static TheoryData<Type> Workflows => [.. WorkflowCode.In(typeof(PipelineCatalog).Assembly)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_of_the_pipeline_calls_no_clock_no_random_numbers_no_threads_and_no_io(Type workflow) =>
        Assert.Empty(WorkflowCode.ForbiddenCalls(workflow));

    [Fact]
    public void Every_workflow_of_the_catalog_is_looked_at() =>
        Assert.Equal(PipelineCatalog.Create().Workflows.Keys.Order(), WorkflowCode.In(typeof(PipelineCatalog).Assembly).Select(type => type.Name).Order());

    [Theory]
    [InlineData(typeof(ReadsTheClock), "ReadsTheClock calls System.DateTime.get_Now")]
    [InlineData(typeof(ReadsTheClockInALambda), "ReadsTheClockInALambda calls System.DateTimeOffset.get_UtcNow")]
    [InlineData(typeof(ReadsTheClockElsewhere), "ReadsTheClockElsewhere → Elsewhere.Ticks calls System.Diagnostics.Stopwatch.GetTimestamp")]
    [InlineData(typeof(MakesAnId), "MakesAnId calls System.Guid.NewGuid")]
    [InlineData(typeof(DrawsANumber), "DrawsANumber calls System.Random.get_Shared")]
    [InlineData(typeof(Waits), "Waits calls System.Threading.Tasks.Task.Delay")]
    [InlineData(typeof(LeavesItsContext), "LeavesItsContext calls System.Threading.Tasks.Task`1.ConfigureAwait")]
    [InlineData(typeof(ReadsAFile), "ReadsAFile → Elsewhere.ReadAsync calls System.IO.File.ReadAllTextAsync")]
    [InlineData(typeof(ReadsTheEnvironment), "ReadsTheEnvironment calls System.Environment.GetEnvironmentVariable")]
    [InlineData(typeof(PointsAtAMethod), "PointsAtAMethod calls System.Guid.NewGuid")]
    public void A_forbidden_call_is_found_wherever_it_stands(Type workflow, string finding) =>
        Assert.Contains(finding, WorkflowCode.ForbiddenCalls(workflow));

    [Fact]
    public void Code_that_keeps_the_rules_is_left_alone() => Assert.Empty(WorkflowCode.ForbiddenCalls(typeof(KeepsTheRules)));

    private sealed class ReadsTheClock : Workflow<string, string>
    {
        public override async Task<string> RunAsync(IWorkflowContext context, string input)
        {
            await context.DelayAsync(TimeSpan.Zero);
            return $"{DateTime.Now}";
        }
    }

    private sealed class ReadsTheClockInALambda : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) =>
            Task.FromResult(string.Concat(input.Select(_ => DateTimeOffset.UtcNow)));
    }

    private sealed class ReadsTheClockElsewhere : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) => Task.FromResult($"{Elsewhere.Ticks()}");
    }

    private sealed class MakesAnId : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) => Task.FromResult($"{Guid.NewGuid()}");
    }

    private sealed class DrawsANumber : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) => Task.FromResult($"{Random.Shared.Next()}");
    }

    private sealed class Waits : Workflow<string, string>
    {
        public override async Task<string> RunAsync(IWorkflowContext context, string input)
        {
            await Task.Delay(1);
            return "";
        }
    }

    private sealed class LeavesItsContext : Workflow<string, string>
    {
        public override async Task<string> RunAsync(IWorkflowContext context, string input) =>
            await context.WaitForEventAsync(input, TimeSpan.Zero).ConfigureAwait(false) ?? "";
    }

    private sealed class ReadsAFile : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) => Elsewhere.ReadAsync(input);
    }

    private sealed class ReadsTheEnvironment : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input) =>
            Task.FromResult(Environment.GetEnvironmentVariable(input) ?? "");
    }

    private sealed class PointsAtAMethod : Workflow<string, string>
    {
        public override Task<string> RunAsync(IWorkflowContext context, string input)
        {
            Func<Guid> make = Guid.NewGuid;
            return Task.FromResult($"{make()}");
        }
    }

    private sealed class KeepsTheRules : Workflow<string, string>
    {
        public override async Task<string> RunAsync(IWorkflowContext context, string input)
        {
            await Task.WhenAny(context.DelayAsync(TimeSpan.FromSeconds(1)), context.WaitForEventAsync("a", TimeSpan.MaxValue));
            string[] words = [.. Words(input).Order()];
            return words.Length switch
            {
                0 => throw new InvalidDataException("nothing"),
                1 => words[0],
                2 => $"{words[0]} {new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero):O}",
                _ => $"{context.UtcNow}",
            };
        }

        private static IEnumerable<string> Words(string input)
        {
            foreach (string word in input.Split(' '))
                yield return word;
        }
    }

    private static class Elsewhere
    {
        public static long Ticks() => System.Diagnostics.Stopwatch.GetTimestamp();

        public static async Task<string> ReadAsync(string path)
        {
            await Task.Yield();
            return await File.ReadAllTextAsync(path);
        }
    }
}
