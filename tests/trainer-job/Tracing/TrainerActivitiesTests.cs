using System.Collections.Concurrent;
using System.Diagnostics;
using KeypointPipeline.Errors;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tests.Running;
using KeypointPipeline.TrainerJob.Tracing;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Tracing;

public sealed class TrainerActivitiesTests : IDisposable
{
    private static readonly TrainingSettings Settings = new(Epochs: 2, Seed: 3, Network: "ml-resnet-small", BatchSize: 32);

    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ActivitySpanId _parent = ActivitySpanId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public TrainerActivitiesTests()
    {
        // Other tests train at the same time: only this test's trace is kept.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrainerActivities.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_run_continues_the_trace_it_was_given_through_loading_training_and_exporting()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run));

        Assert.Equal(["Loading", "Training", "Exporting", "Training run"], _stopped.Select(activity => activity.DisplayName));
        Activity whole = _stopped.Last();
        Assert.Equal((_trace, _parent), (whole.TraceId, whole.ParentSpanId));
        Assert.All(_stopped.SkipLast(1), part => Assert.Equal((_trace, whole.SpanId), (part.TraceId, part.ParentSpanId)));
        Assert.Equal("tiny", whole.GetTagItem(TrainerActivities.RunIdTag));
        Assert.Equal(ExitCodes.Success, whole.GetTagItem(TrainerActivities.ExitCodeTag));
        Assert.Equal(2, _stopped.ElementAt(1).GetTagItem(TrainerActivities.EpochsTag));
        Assert.Equal("cpu", _stopped.ElementAt(1).GetTagItem(TrainerActivities.DeviceTag));
        Assert.All(_stopped, activity => Assert.Equal(ActivityStatusCode.Unset, activity.Status));
    }

    [Fact]
    public async Task A_run_that_fails_says_so_in_the_trace()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Network = "no-such-net" }, Cancellation);

        Assert.Equal(ExitCodes.Failed, await RunAsync(run));

        Activity whole = _stopped.Last();
        Assert.Equal(ActivityStatusCode.Error, whole.Status);
        Assert.Contains("no-such-net", whole.StatusDescription, StringComparison.Ordinal);
        Assert.Single(whole.Events, happened => happened.Name == "exception");
    }

    [Fact]
    public async Task A_run_that_was_never_asked_for_says_so_in_the_trace()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        File.Delete(run.PathOf(TrainingRunFiles.Request));

        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(run));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_stopped).Status);
    }

    [Fact]
    public void Nothing_is_exported_unless_the_environment_says_where_to()
    {
        Assert.Null(TraceExport.Start(_ => null));
        Assert.Null(TraceExport.Start(_ => ""));
    }

    private Task<int> RunAsync(LocalRun run)
    {
        ActivityContext parent = TraceParent.Read($"00-{_trace}-{_parent}-01");
        return new TrainingRunner(run.Folder, TimeProvider.System, NullLogger.Instance, deviceWish: "cpu").RunAsync(Cancellation, parent);
    }
}
