using System.Diagnostics;
using KeypointPipeline.Fuzz.Tests.Lanes;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Feeds many inputs to one door, in as many processes as there are processors.</summary>
/// <param name="target">The door.</param>
/// <param name="seed">Seeds all inputs.</param>
/// <param name="count">How many.</param>
/// <param name="kept">Keeps those that broke a promise.</param>
internal sealed class FuzzRun(string target, int seed, long count, FailureFolder kept)
{
    /// <summary>A door that is as broken as that need not be tried further.</summary>
    private const int MostFailures = 50;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Lock _hearing = new();

    /// <summary>What was counted.</summary>
    public FuzzTally Tally { get; } = new();

    /// <summary>Promises broken.</summary>
    public int Failures { get; private set; }

    /// <summary>What the whole run took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The processes.</summary>
    public IReadOnlyList<LaneProcess> Lanes { get; private set; } = [];

    /// <summary>Runs to the end, or until too much is broken.</summary>
    public async Task RunAsync(IProgress<double> progress, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using TemporaryFolder folder = FastFolder.Create();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int lanes = Environment.ProcessorCount;
        Lanes =
        [
            .. Enumerable.Range(0, lanes).Select(lane => new LaneProcess(
                new LaneOptions(target, seed, lane, lanes, count, folder.File($"lane-{lane}")), report => Hear(report, stop))),
        ];
        Task all = Task.WhenAll(Lanes.Select(lane => lane.RunAsync(stop.Token)));
        while (await Task.WhenAny(all, Task.Delay(Look, cancellationToken)) != all)
            progress.Report(Lanes.Sum(lane => lane.Done) / (double)count);
        try
        {
            await all;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Too much is broken.
        }

        Took = Stopwatch.GetElapsedTime(start);
    }

    private void Hear(LaneReport report, CancellationTokenSource stop)
    {
        lock (_hearing)
        {
            if (report.Tally is not null)
                Tally.Add(report.Tally);
            if (report.Failure is null)
                return;
            Console.Error.WriteLine(kept.Keep(report.Failure));
            if (++Failures == MostFailures)
                stop.Cancel();
        }
    }
}
