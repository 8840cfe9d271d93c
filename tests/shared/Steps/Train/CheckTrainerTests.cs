using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Train;

public sealed class CheckTrainerTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(30);

    private readonly WaitingTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trainer_is_given_the_platforms_time_for_its_first_heartbeat_and_then_taken_for_gone()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset launched = _time.GetUtcNow();

        _time.Advance(StartPatience);
        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, launched)).Verdict);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TrainerVerdict.Gone, (await CheckAsync(storage, launched)).Verdict);
    }

    [Fact]
    public async Task A_fresh_heartbeat_is_life_and_a_stale_one_is_not()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset launched = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(10));
        await WriteStatusAsync(storage, TrainingState.Running);

        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, launched)).Verdict);
        _time.Advance(CheckTrainer.StallAfter + TimeSpan.FromSeconds(1));
        Assert.Equal(TrainerVerdict.Gone, (await CheckAsync(storage, launched)).Verdict);
    }

    [Fact]
    public async Task A_trainer_that_beats_on_outlives_a_clock_that_is_set_ahead()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset launched = _time.GetUtcNow();
        await WriteStatusAsync(storage, TrainingState.Running);
        _time.Advance(TimeSpan.FromDays(3));

        _time.OnWait = () => WriteStatusAsync(storage, TrainingState.Running);

        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, launched)).Verdict);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_no_trainer_look_gone_and_its_end_is_seen()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset launched = _time.GetUtcNow();
        await WriteStatusAsync(storage, TrainingState.Running);
        _time.AdjustTime(launched.AddDays(-3));

        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, launched)).Verdict);
        await WriteStatusAsync(storage, TrainingState.Running);
        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, launched)).Verdict);
        Assert.Equal(TrainerVerdict.Gone, (await CheckAsync(storage, launched, gone: true)).Verdict);
    }

    [Fact]
    public async Task What_an_earlier_start_wrote_says_nothing_of_this_one()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await WriteStatusAsync(storage, TrainingState.Failed);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TrainerVerdict.Running, (await CheckAsync(storage, _time.GetUtcNow())).Verdict);
    }

    [Theory]
    [InlineData(TrainingState.Failed, TrainerVerdict.Failed)]
    [InlineData(TrainingState.Stopped, TrainerVerdict.Stopped)]
    [InlineData(TrainingState.Exporting, TrainerVerdict.Running)]
    public async Task What_the_trainer_says_of_itself_counts(TrainingState state, TrainerVerdict expected)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset launched = _time.GetUtcNow();
        await WriteStatusAsync(storage, state);

        Assert.Equal(expected, (await CheckAsync(storage, launched)).Verdict);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, false)] // a trainer of an earlier version
    public async Task A_failure_that_the_trainer_calls_permanent_is_remembered_until_the_training_succeeds(bool? repeats, bool isRemembered)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var runs = new TrainingRunStore(storage);
        await runs.WriteRequestAsync(
            new TrainingRequest("run", ["ds-1"], ModelExamples.Schema, "f1", new TrainingSettings(), _time.GetUtcNow()), Cancel);
        var status = new TrainingStatus(TrainingState.Failed, _time.GetUtcNow(), 3, 40, Error: "The loss is not a number.", Repeats: repeats);
        await storage.WriteAsync(BlobLayout.Runs, $"run/{TrainingRunFiles.Status}", status, Cancel);

        await CheckAsync(storage, _time.GetUtcNow());
        TrainingFailure? failure = await runs.FindFailureAsync("f1", new TrainingSettings(), Cancel);
        await storage.WriteAsync(
            BlobLayout.Runs, $"run/{TrainingRunFiles.Result}", new TrainingResult("run", 40, 1.5, 90, 10, 1000, 60, "00", 1, "1.0"), Cancel);
        await CheckAsync(storage, _time.GetUtcNow());

        Assert.Equal(isRemembered ? "The loss is not a number." : null, failure?.Error);
        Assert.Null(await runs.FindFailureAsync("f1", new TrainingSettings(), Cancel));
    }

    [Fact]
    public async Task Done_means_the_marker_is_there_whatever_became_of_the_process()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await WriteStatusAsync(storage, TrainingState.Exporting);
        Assert.Equal(TrainerVerdict.Gone, (await CheckAsync(storage, _time.GetUtcNow(), gone: true)).Verdict);

        var result = new TrainingResult("run", 40, 1.5, 90, 10, 1000, 60, "00", 1, "1.0");
        await storage.WriteAsync(BlobLayout.Runs, $"run/{TrainingRunFiles.Result}", result, Cancel);

        Assert.Equal(TrainerVerdict.Completed, (await CheckAsync(storage, _time.GetUtcNow(), gone: true)).Verdict);
    }

    [Fact]
    public async Task A_trainer_that_was_asked_to_end_before_its_first_heartbeat_is_stopped_and_not_gone()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;

        TrainerCheck check = await CheckAsync(storage, _time.GetUtcNow(), gone: true, stopped: true);

        Assert.Equal(TrainerVerdict.Stopped, check.Verdict);
    }

    [Fact]
    public async Task A_trainer_that_ended_early_is_recorded_once_with_the_reason_and_one_that_runs_or_is_done_is_not()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        DateTimeOffset first = _time.GetUtcNow();
        await WriteStatusAsync(storage, TrainingState.Running);
        await CheckAsync(storage, first);
        await CheckAsync(storage, first, gone: true, end: "killed (signal 9, most likely out of memory)");
        await CheckAsync(storage, first, gone: true);
        DateTimeOffset second = first.AddMinutes(1);
        _time.AdjustTime(second);
        await CheckAsync(storage, second, gone: true, stopped: true);
        DateTimeOffset third = first.AddMinutes(2);
        _time.AdjustTime(third);
        await WriteStatusAsync(storage, TrainingState.Running);
        _time.Advance(CheckTrainer.StallAfter + TimeSpan.FromSeconds(1));
        await CheckAsync(storage, third);
        DateTimeOffset fourth = _time.GetUtcNow();
        await storage.WriteAsync(
            BlobLayout.Runs, $"run/{TrainingRunFiles.Result}", new TrainingResult("run", 40, 1.5, 90, 10, 1000, 60, "00", 1, "1.0"), Cancel);
        await CheckAsync(storage, fourth, gone: true);

        Assert.Equal(
            [
                (first, 3, "killed (signal 9, most likely out of memory)"),
                (second, 3, "asked to end, by its host or its platform"),
                (third, 3, "silent for 90 seconds"),
            ],
            (await new TrainingRunStore(storage).ListEndsAsync("run", Cancel)).Select(end => (end.LaunchedAt, end.Epoch, end.Reason)));
    }

    private Task<TrainerCheck> CheckAsync(
        PipelineStorage storage, DateTimeOffset launched, bool gone = false, bool stopped = false, string? end = null) =>
        new CheckTrainer(new TrainingRunStore(storage), new Platform(gone, stopped, end), new TrainingSlot(storage, _time), _time)
            .RunAsync(new CheckTrainerInput("run", launched), Cancel);

    private Task WriteStatusAsync(PipelineStorage storage, TrainingState state) =>
        storage.WriteAsync(BlobLayout.Runs, $"run/{TrainingRunFiles.Status}", new TrainingStatus(state, _time.GetUtcNow(), 3, 40), Cancel);

    /// <summary>A clock on which every wait is over at once, once the test has done what is to happen meanwhile.</summary>
    private sealed class WaitingTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
    {
        public Func<Task> OnWait { get; set; } = () => Task.CompletedTask;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            _ = PassAsync(dueTime);
            return timer;
        }

        private async Task PassAsync(TimeSpan time)
        {
            await OnWait();
            Advance(time);
        }
    }

    /// <summary>A platform that only says whether the process is gone, and was asked to be, and how it ended.</summary>
    private sealed class Platform(bool gone, bool stopped, string? end) : ITrainerLauncher
    {
        public Task StartAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) =>
            Task.FromResult(new TrainerSighting(gone, StartPatience, WasStopped: stopped, End: end));
    }
}
