using System.CommandLine;
using System.Diagnostics;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Bench.Workflow;

/// <summary>Measures the embedded engine's overhead (journal and scheduling) in time, memory and disk, with a fan-out of empty steps.</summary>
internal sealed class WorkflowBench : IBench
{
    private const int Repetitions = 5;
    private static readonly int[] Sizes = [1, 100, 1_000, 20_000];

    public Command CreateCommand()
    {
        Option<bool> json = BenchOptions.Json();
        var command = new Command("workflow", "Fan out 1, 100, 1,000 and 20,000 empty steps on the embedded engine: time, memory and journal")
        {
            json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
            (await RunAsync(cancellationToken)).Print(parsed.GetValue(json)));
        return command;
    }

    private static async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = BenchFolder.Create();
        string journal = folder.File("journal.db");
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var catalog = new WorkflowCatalog().Add(FanOut.Ref, _ => new FanOut()).Add(Nothing.Ref, _ => new Nothing());
        await using var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = journal }, catalog, services, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(cancellationToken);
        await MeasureAsync(engine, journal, "warm-up", Sizes[1], cancellationToken);

        var all = new List<FanOutFigures[]>();
        foreach (int size in Sizes)
        {
            var figures = new FanOutFigures[Repetitions];
            for (int i = 0; i < Repetitions; i++)
                figures[i] = await MeasureAsync(engine, journal, $"{size}-{i}", size, cancellationToken);
            all.Add(figures);
        }

        await engine.StopAsync(cancellationToken);
        return Report(all);
    }

    private static BenchReport Report(List<FanOutFigures[]> all)
    {
        BenchRow[] seconds = Rows("steps", "s", run => run.Seconds);
        BenchRow[] managed = Rows("steps, managed memory after them", "MB", run => run.ManagedMegabytes);
        BenchRow[] resident = Rows("steps, resident memory after them", "MB", run => run.ResidentMegabytes);
        BenchRow[] journal = Rows("steps, journal", "bytes a step", run => run.JournalBytesPerStep);
        FanOutFigures[] large = all[3];
        return new BenchReport(
            "workflow",
            Machine.Describe(),
            [.. seconds, .. managed[2..], .. resident[2..], .. journal[2..]],
            [
                new BenchBar($"seconds for {Sizes[2]:N0} steps", seconds[2].Median, 1),
                new BenchBar($"seconds for {Sizes[3]:N0} steps", seconds[3].Median, 15),
                new BenchBar($"managed memory after {Repetitions} times {Sizes[3]:N0} steps by after once", large[^1].ManagedMegabytes / large[0].ManagedMegabytes, 1.2),
                new BenchBar($"resident memory after {Repetitions} times {Sizes[3]:N0} steps by after once", large[^1].ResidentMegabytes / large[0].ResidentMegabytes, 1.2),
                new BenchBar($"journal per step, {Sizes[3]:N0} by {Sizes[2]:N0} steps", journal[3].Median / journal[2].Median, 1.1),
            ]);

        BenchRow[] Rows(string what, string unit, Func<FanOutFigures, double> figure) =>
            [.. all.Select((runs, i) => BenchRow.Of($"{Sizes[i]:N0} {what}", unit, [.. runs.Select(figure)]))];
    }

    private static async Task<FanOutFigures> MeasureAsync(
        WorkflowEngine engine, string journal, string id, int steps, CancellationToken cancellationToken)
    {
        long before = JournalBytes(journal);
        long start = Stopwatch.GetTimestamp();
        await engine.StartAsync(FanOut.Ref, steps, id, cancellationToken);
        WorkflowStatus ended = await WaitForEndAsync(engine, id, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (ended.RuntimeStatus != WorkflowRuntimeStatus.Completed || ended.Output?.GetInt32() != steps)
            throw new InvalidOperationException($"{steps:N0} steps ended as {ended.RuntimeStatus} with {ended.Output}.");
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        return new FanOutFigures(seconds, managed, Environment.WorkingSet / 1e6, (JournalBytes(journal) - before) / (double)steps);
    }

    private static async Task<WorkflowStatus> WaitForEndAsync(WorkflowEngine engine, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await engine.GetAsync(id, cancellationToken) is { HasEnded: true } ended)
                return ended;
            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        }
    }

    /// <summary>Counts the pages in use, also those in the write-ahead log, because the file grows only when the log is merged into it.</summary>
    private static long JournalBytes(string journal)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = journal, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        return (long)command.ExecuteScalar()!;
    }

    private sealed record FanOutFigures(double Seconds, double ManagedMegabytes, double ResidentMegabytes, double JournalBytesPerStep);

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
