using System.Diagnostics;
using KeypointPipeline.Fuzz.Tests.Lanes;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Feeds many inputs to one reader, in as many processes as there are processors.</summary>
/// <param name="target">The reader's name.</param>
/// <param name="seed">Seeds all inputs.</param>
/// <param name="count">Number of inputs.</param>
/// <param name="kept">Keeps the inputs that break a promise.</param>
internal sealed class FuzzRun(string target, int seed, long count, FailureFolder kept)
{
    /// <summary>The run stops after so many failures.</summary>
    private const int MostFailures = 50;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Lock _hearing = new();

    /// <summary>The counts.</summary>
    public FuzzTally Tally { get; } = new();

    /// <summary>Number of broken promises.</summary>
    public int Failures { get; private set; }

    /// <summary>Duration of the whole run.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The processes.</summary>
    public IReadOnlyList<LaneProcess> Lanes { get; private set; } = [];

    /// <summary>Runs to the end, or until too many promises are broken.</summary>
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
            // Too many promises are broken.
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
