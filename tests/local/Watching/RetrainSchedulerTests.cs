using KeypointPipeline.Local.Watching;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

public sealed class RetrainSchedulerTests : IDisposable
{
    private const string Nightly = "0 3 * * *";

    private readonly TemporaryFolder _folder = TestFolder.Create("schedule");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingStarter _starter = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_time_due_starts_one_retraining_named_after_it()
    {
        await using Running scheduler = await StartAsync(Nightly);

        await PassAsync(TimeSpan.FromHours(24));
        await StartedAsync(1);
        await PassAsync(TimeSpan.FromHours(24));
        await StartedAsync(2);

        Assert.Equal(["retrain-20261124-030000", "retrain-20261125-030000"], _starter.Started);
    }

    [Fact]
    public async Task Nothing_starts_before_its_time()
    {
        await using Running scheduler = await StartAsync(Nightly);

        await PassAsync(TimeSpan.FromHours(14.9));

        Assert.Empty(_starter.Started);
    }

    [Fact]
    public async Task Times_missed_while_no_host_ran_are_made_up_for_once()
    {
        await using (await StartAsync(Nightly))
            await PassAsync(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromDays(5));

        await using Running next = await StartAsync(Nightly);
        await StartedAsync(1);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(["retrain-20261128-030000"], _starter.Started);
    }

    [Fact]
    public async Task A_host_that_starts_for_the_first_time_has_missed_nothing()
    {
        await using Running scheduler = await StartAsync("* * * * *");

        await PassAsync(TimeSpan.FromSeconds(59));

        Assert.Empty(_starter.Started);
    }

    [Fact]
    public async Task A_restart_right_after_a_start_does_not_start_it_twice()
    {
        string state = _folder.File("schedule.json");
        string before;
        await using (await StartAsync(Nightly))
        {
            await PassAsync(TimeSpan.FromHours(1));
            before = await File.ReadAllTextAsync(state, Cancel);
            await PassAsync(TimeSpan.FromHours(15));
            await StartedAsync(1);
        }

        // As if the host had died between the start and its note.
        await File.WriteAllTextAsync(state, before, Cancel);
        await using Running next = await StartAsync(Nightly);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.Equal(["retrain-20261124-030000"], _starter.Started);
    }

    [Fact]
    public async Task A_clock_that_was_years_ahead_and_is_set_right_leaves_the_schedule_going()
    {
        await using Running scheduler = await StartAsync(Nightly);
        _time.AdjustTime(_time.GetUtcNow().AddYears(5));
        await StartedAsync(1);
        await PassAsync(TimeSpan.FromMinutes(1));

        _time.AdjustTime(new DateTimeOffset(2026, 11, 23, 13, 0, 0, TimeSpan.Zero));
        await StartedAsync(2);

        Assert.Equal(["retrain-20311123-030000", "retrain-20261124-030000"], _starter.Started);
    }

    [Fact]
    public async Task A_time_that_comes_again_because_the_clock_was_set_back_starts_nothing_again()
    {
        await using Running scheduler = await StartAsync(Nightly);
        await PassAsync(TimeSpan.FromHours(15));
        await StartedAsync(1);

        _time.AdjustTime(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero));
        await PassAsync(TimeSpan.FromHours(25));
        await StartedAsync(2);

        Assert.Equal(["retrain-20261124-030000", "retrain-20261125-030000"], _starter.Started);
    }

    [Fact]
    public async Task A_start_that_fails_is_tried_again()
    {
        _starter.FailNext();
        await using Running scheduler = await StartAsync(Nightly);

        await PassAsync(TimeSpan.FromHours(15));
        await StartedAsync(1);

        Assert.Equal(["retrain-20261124-030000"], _starter.Started);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Running> StartAsync(string schedule)
    {
        var options = new RetrainSchedulerOptions(RetrainSchedule.Parse(schedule), _folder.File("schedule.json"));
        var scheduler = new RetrainScheduler(options, _starter, _time, NullLogger<RetrainScheduler>.Instance);
        await scheduler.StartAsync(Cancel);
        await Eventually.TrueAsync(() => File.Exists(options.StateFile));
        return new Running(scheduler);
    }

    /// <summary>In small steps with pauses between, so that the scheduler's timers fire one after another.</summary>
    private async Task PassAsync(TimeSpan duration)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < duration;)
        {
            TimeSpan step = duration - passed < TimeSpan.FromMinutes(10) ? duration - passed : TimeSpan.FromMinutes(10);
            await Task.Delay(2, Cancel);
            _time.Advance(step);
            passed += step;
        }

        await Task.Delay(50, Cancel);
    }

    /// <summary>Lets minutes pass until this many retrainings have been started.</summary>
    private Task StartedAsync(int count) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return _starter.Started.Count == count;
        });

    private sealed class Running(RetrainScheduler scheduler) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await scheduler.StopAsync(CancellationToken.None);
            scheduler.Dispose();
        }
    }
}
