namespace KeypointPipeline.Local.Engine.Timers;

/// <summary>Measures elapsed time for timers. It runs with the monotonic clock, so setting the wall clock back delays nothing. It
/// follows the wall clock when that leaps ahead, for example when a sleeping computer wakes.</summary>
internal sealed class ElapsedClock
{
    /// <summary>Smaller differences are corrections of the wall clock, not sleep.</summary>
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private DateTimeOffset _wall;
    private long _timestamp;
    private TimeSpan _elapsed;

    /// <summary>Starts the clock at zero.</summary>
    public ElapsedClock(TimeProvider time)
    {
        _time = time;
        _wall = time.GetUtcNow();
        _timestamp = time.GetTimestamp();
    }

    /// <summary>Reads the elapsed time; not thread-safe. It notices sleep if readings are at most minutes apart.</summary>
    public TimeSpan Read()
    {
        DateTimeOffset wall = _time.GetUtcNow();
        long timestamp = _time.GetTimestamp();
        TimeSpan ran = _time.GetElapsedTime(_timestamp, timestamp);
        TimeSpan passed = wall - _wall;
        _elapsed += passed - ran > Leap ? passed : ran;
        (_wall, _timestamp) = (wall, timestamp);
        return _elapsed;
    }
}
