using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Bench;

/// <summary>Fan-out of steps that do nothing on the embedded engine: what the journal and the scheduling cost.</summary>
internal sealed class WorkflowBench : IBench
{
    private const int Repetitions = 5;
    private static readonly int[] Sizes = [1, 100, 1_000, 20_000];

    public Command CreateCommand()
    {
        Option<bool> json = BenchOptions.Json();
        var command = new Command("workflow", "Fan-out of 1, 100, 1,000 and 20,000 steps that do nothing, on the embedded engine") { json };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("keypoints-bench-").FullName;
        try
        {
            await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
            var catalog = new WorkflowCatalog().Add(FanOut.Ref, _ => new FanOut()).Add(Nothing.Ref, _ => new Nothing());
            await using var engine = new WorkflowEngine(
                new WorkflowEngineOptions { JournalPath = Path.Combine(folder, "journal.db") },
                catalog,
                services,
                TimeProvider.System,
                NullLoggerFactory.Instance);
            await engine.StartAsync(cancellationToken);
            await MeasureAsync(engine, "warm-up", Sizes[1], cancellationToken);

            var rows = new List<BenchRow>();
            foreach (int size in Sizes)
            {
                var seconds = new List<double>();
                for (int i = 0; i < Repetitions; i++)
                    seconds.Add(await MeasureAsync(engine, $"{size}-{i}", size, cancellationToken));
                rows.Add(BenchRow.Of($"{size:N0} steps", "s", seconds));
            }

            await engine.StopAsync(cancellationToken);
            return new BenchReport(
                "workflow",
                Machine.Describe(),
                rows,
                [
                    new BenchBar("seconds for 1,000 steps", rows[2].Median, 1),
                    new BenchBar("seconds for 20,000 steps", rows[3].Median, 15),
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(WorkflowEngine engine, string id, int steps, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await engine.StartAsync(FanOut.Ref, steps, id, cancellationToken);
        while (await engine.GetAsync(id, cancellationToken) is not { HasEnded: true })
            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class FanOut : Workflow<int, int>
    {
        public static WorkflowRef<int, int> Ref { get; } = new(nameof(FanOut));

        public override async Task<int> RunAsync(IWorkflowContext context, int input)
        {
            int[] outputs = await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.CallStepAsync(Nothing.Ref, i)));
            return outputs.Length;
        }
    }

    private sealed class Nothing : Step<int, int>
    {
        public static StepRef<int, int> Ref { get; } = new(nameof(Nothing), StepRetry.None);

        public override Task<int> RunAsync(int input, CancellationToken cancellationToken) => Task.FromResult(input);
    }
}
