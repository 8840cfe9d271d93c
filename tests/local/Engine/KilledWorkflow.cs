using System.Globalization;
using KeypointPipeline.Port;
using KeypointPipeline.WorkflowSuite.Engines;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>What runs in the process that is killed: three generations of work with fan-outs, children, retries and delays, whose
/// every step leaves a line in a file. Its output depends on every step's output.</summary>
internal static class KilledWorkflow
{
    public const int Rounds = 12;
    public const int StepsPerRound = 10;
    public const int Children = 4;
    public const int StepsPerChild = 8;
    public const int Steps = (Rounds * StepsPerRound) + (Children * StepsPerChild);

    public static WorkflowRef<string, string> Ref { get; } = new("killed");

    private static WorkflowRef<string, string> ChildRef { get; } = new("killed-child");

    private static StepRef<string, long> WorkRef { get; } = new(
        "work", new StepRetry(5, TimeSpan.FromMilliseconds(1), 2, TimeSpan.FromMilliseconds(5)));

    /// <summary>The output of an undisturbed run.</summary>
    public static string Expected
    {
        get
        {
            long sum = 0;
            for (int round = 0; round < Rounds; round++)
                sum = Mix(sum, Enumerable.Range(0, StepsPerRound).Sum(i => Value($"r{round}-{i}")));
            return $"{sum} {string.Join(' ', Enumerable.Range(0, Children).Select(child => Child($"c{child}")))}";

            static long Child(string id) => Enumerable.Range(0, StepsPerChild).Aggregate(0L, (sum, i) => Mix(sum, Value($"{id}-{i}")));
        }
    }

    /// <summary>The workflows and the step.</summary>
    /// <param name="linesPath">Where each run of a step appends its name.</param>
    public static WorkflowCatalog Catalog(string linesPath) => new WorkflowCatalog()
        .Add(Ref, _ => new LambdaWorkflow(RunAsync))
        .Add(ChildRef, _ => new LambdaWorkflow(RunChildAsync))
        .Add(WorkRef, _ => new WorkStep(linesPath));

    private static async Task<string> RunAsync(IWorkflowContext context, string input)
    {
        Task<string>[] children =
            [.. Enumerable.Range(0, Children).Select(i => context.CallWorkflowAsync(ChildRef, $"c{i}", $"{context.InstanceId}-c{i}"))];
        long sum = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long[] values = await Task.WhenAll(
                Enumerable.Range(0, StepsPerRound).Select(i => context.CallStepAsync(WorkRef, $"r{round}-{i}")));
            sum = Mix(sum, values.Sum());
            await context.DelayAsync(TimeSpan.FromMilliseconds(3));
        }

        return $"{sum} {string.Join(' ', await Task.WhenAll(children))}";
    }

    private static async Task<string> RunChildAsync(IWorkflowContext context, string input)
    {
        long sum = 0;
        for (int i = 0; i < StepsPerChild; i++)
            sum = Mix(sum, await context.CallStepAsync(WorkRef, $"{input}-{i}"));
        return sum.ToString(CultureInfo.InvariantCulture);
    }

    private static long Mix(long sum, long value) => unchecked((sum * 31) + value);

    private static long Value(string name) => name.Aggregate(17L, (hash, c) => unchecked((hash * 131) + c));

    private sealed class WorkStep(string linesPath) : Step<string, long>
    {
        private static readonly Lock Gate = new();

        public override async Task<long> RunAsync(string input, CancellationToken cancellationToken)
        {
            lock (Gate)
                File.AppendAllText(linesPath, input + "\n");
            await Task.Delay(5, cancellationToken);
            return Value(input);
        }
    }
}
