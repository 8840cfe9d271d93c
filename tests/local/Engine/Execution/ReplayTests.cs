using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine.Execution;

/// <summary>Random workflow programs, interrupted at random moments by crashes, with time passing and events coming at random:
/// every replay must see exactly what the runs before it saw, and only then go on.</summary>
public sealed class ReplayTests
{
    [Property(MaxTest = 100, Arbitrary = [typeof(Programs)])]
    public async Task Every_replay_sees_what_the_runs_before_it_saw(ProgramNode program, int seed)
    {
        var random = new System.Random(seed);
        var traces = new ProgramTraces();
        var stepRuns = new ConcurrentDictionary<string, int>();
        await using EngineHarness harness = await EngineHarness.StartAsync(ProgramWorkflow.Catalog(traces, stepRuns), maxParallelSteps: 3);
        await harness.Client.StartAsync(ProgramWorkflow.Ref, program, "id", CancellationToken.None);

        WorkflowStatus status = await DriveAsync(harness, random);

        Assert.True(status.RuntimeStatus == WorkflowRuntimeStatus.Completed, $"{status.RuntimeStatus}: {status.Output}\n{program}");
        foreach ((string id, List<List<string>> runs) in traces.Runs)
        {
            for (int run = 1; run < runs.Count; run++)
                Assert.Equal(runs[run - 1], runs[run].Take(runs[run - 1].Count));
        }

        // A branch that lost a race may have seen more in the turn that ended the workflow.
        Assert.StartsWith(status.Output!.Value.GetString()!, string.Join('\n', traces.Runs.Single(entry => entry.Key == "id").Value[^1]));
        Assert.Equal(0, AnswersGivenTwice(harness));
    }

    private static async Task<WorkflowStatus> DriveAsync(EngineHarness harness, System.Random random)
    {
        int crashes = random.Next(6);
        WorkflowStatus? status = null;
        int events = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                switch (random.Next(4))
                {
                    case 0 when crashes-- > 0:
                        await harness.CrashAndRestartAsync();
                        break;
                    case 1:
                        await harness.Client.RaiseEventAsync("id", $"e{random.Next(2)}", $"event {events++}", CancellationToken.None);
                        break;
                    default:
                        harness.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1500)));
                        break;
                }

                status = await harness.Client.GetAsync("id", CancellationToken.None);
                return status!.HasEnded;
            },
            "the end of the program");
        return status!;
    }

    /// <summary>Steps, timers and children are answered once each (kinds 3, 4, 6, 8, 9).</summary>
    private static long AnswersGivenTwice(EngineHarness harness) => JournalPeek.Scalar(
        harness.JournalPath,
        """
        SELECT count(*) FROM (SELECT 1 FROM events WHERE kind IN (3, 4, 6, 8, 9) GROUP BY instance, action HAVING count(*) > 1)
        """);

    private static class Programs
    {
        public static Arbitrary<ProgramNode> Program() => Arb.From(Gen.Sized(size => Node(Math.Min(size, 40))), Shrink);

        private static Gen<ProgramNode> Node(int size)
        {
            Gen<ProgramNode> leaf =
                from operation in Gen.Elements(
                    ProgramOperation.Step,
                    ProgramOperation.Step,
                    ProgramOperation.ShakyStep,
                    ProgramOperation.Delay,
                    ProgramOperation.Wait,
                    ProgramOperation.Yield,
                    ProgramOperation.Status)
                from number in Gen.Choose(0, 4)
                select new ProgramNode(operation, number, []);
            if (size < 2)
                return leaf;
            Gen<ProgramNode> inner =
                from operation in Gen.Elements(
                    ProgramOperation.Sequence, ProgramOperation.All, ProgramOperation.AsTheyCome, ProgramOperation.First, ProgramOperation.Child)
                from count in Gen.Choose(1, 5)
                from body in Gen.ListOf(Node(size / (count + 1)), count)
                select new ProgramNode(operation, 0, [.. body]);
            return Gen.Frequency((1, leaf), (3, inner));
        }

        private static IEnumerable<ProgramNode> Shrink(ProgramNode node)
        {
            foreach (ProgramNode child in node.Body)
                yield return child;
            for (int i = 0; i < node.Body.Count; i++)
                yield return node with { Body = [.. node.Body.Where((_, index) => index != i)] };
        }
    }
}
