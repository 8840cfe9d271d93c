using System.Diagnostics;
using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Lanes;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Runs real processes.</summary>
public sealed class FuzzRunTests
{
    private const int Seed = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_share_the_inputs()
    {
        const long Inputs = 101;
        using TemporaryFolder folder = TestFolder.Create("failures");
        var run = new FuzzRun(DatasetTarget.TargetName, Seed, Inputs, new FailureFolder(folder.Path, Seed));

        await run.RunAsync(new Progress<double>(), Cancel);

        Assert.Equal((Inputs, 0), (run.Tally.Inputs, run.Failures));
        Assert.InRange(run.Tally.Repeated, 1, Inputs);
        Assert.InRange(run.Tally.PeakBytes, 20_000_000, 300_000_000);
    }

    [Fact]
    public async Task A_process_that_crashes_costs_one_input_and_another_goes_on()
    {
        using TemporaryFolder folder = TestFolder.Create("lane");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var failed = new TaskCompletionSource<FuzzFailure>();
        var wentOn = new TaskCompletionSource<FuzzTally>();
        var lane = new LaneProcess(new LaneOptions(DatasetTarget.TargetName, Seed, 1, 3, long.MaxValue, folder.File("board")), report =>
        {
            if (report.Failure is not null)
                failed.TrySetResult(report.Failure);
            else if (failed.Task.IsCompleted)
                wentOn.TrySetResult(report.Tally!);
        });
        Task running = lane.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => lane.Done > 0);
        Process process = lane.Running!;

        process.Kill();

        FuzzFailure failure = await failed.Task.WaitAsync(Cancel);
        Assert.Equal("The process ended with exit code 137.", failure.What);
        Assert.Equal(1, failure.Number % 3);
        Assert.InRange((await wentOn.Task.WaitAsync(Cancel)).Inputs, 1, 500);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
