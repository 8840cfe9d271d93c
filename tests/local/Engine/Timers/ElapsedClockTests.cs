using KeypointPipeline.Local.Engine.Timers;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine.Timers;

public sealed class ElapsedClockTests
{
    [Fact]
    public void Setting_the_wall_clock_back_takes_nothing_away()
    {
        var time = new TwoClocks();
        var clock = new ElapsedClock(time);

        time.Pass(TimeSpan.FromSeconds(10), wall: TimeSpan.FromHours(-1));

        Assert.Equal(TimeSpan.FromSeconds(10), clock.Read());
    }

    [Fact]
    public void Sleep_which_only_the_wall_clock_counts_is_counted()
    {
        var time = new TwoClocks();
        var clock = new ElapsedClock(time);

        time.Pass(TimeSpan.FromSeconds(10), wall: TimeSpan.FromHours(8));

        Assert.Equal(TimeSpan.FromHours(8), clock.Read());
    }

    [Fact]
    public void Small_corrections_of_the_wall_clock_do_not_add_up()
    {
        var time = new TwoClocks();
        var clock = new ElapsedClock(time);
        for (int i = 0; i < 100; i++)
        {
            time.Pass(TimeSpan.FromSeconds(1), wall: TimeSpan.FromSeconds(i % 2 == 0 ? 2 : 0));
            clock.Read();
        }

        Assert.Equal(TimeSpan.FromSeconds(100), clock.Read());
    }

    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _wall = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan ran, TimeSpan wall)
        {
            _ticks += ran.Ticks;
            _wall += wall;
        }
    }
}
