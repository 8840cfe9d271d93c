namespace KeypointPipeline.Local.Engine.Timers;

/// <summary>Elapsed time for timers: runs with the monotonic clock, so setting the wall clock back delays nothing, and follows
/// the wall clock where that leaps ahead, as it does when a sleeping computer wakes.</summary>
internal sealed class ElapsedClock
{
    /// <summary>Smaller differences are corrections of the wall clock, not sleep.</summary>
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private DateTimeOffset _wall;
    private long _timestamp;
    private TimeSpan _elapsed;

    /// <summary>Starts at zero.</summary>
    public ElapsedClock(TimeProvider time)
    {
        _time = time;
        _wall = time.GetUtcNow();
        _timestamp = time.GetTimestamp();
    }

    /// <summary>Reads it; not thread-safe. Sleep is noticed where readings are not further apart than minutes.</summary>
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
