namespace KeypointPipeline.Local.Engine.Timers;

/// <summary>Calls back at a given time. The journal holds the times. This class keeps the timers of this process.</summary>
internal sealed class DurableTimers : IDisposable
{
    /// <summary>Interval between checks of the clock while a timer waits. It limits how late a computer's wake-up is noticed, and keeps
    /// waits of years within the range of the platform's timers.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ElapsedClock _clock;
    private readonly SortedSet<Entry> _entries = new(Comparer<Entry>.Create((a, b) => (a.At, a.Number).CompareTo((b.At, b.Number))));
    private readonly ITimer _alarm;
    private long _numbers;
    private bool _disposed;

    /// <summary>Creates an empty set of timers.</summary>
    public DurableTimers(TimeProvider time)
    {
        _time = time;
        _clock = new ElapsedClock(time);
        _alarm = time.CreateTimer(_ => Ring(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls back on any thread at a given time, or at once if it has passed.</summary>
    /// <param name="due">Time of the callback, UTC.</param>
    /// <param name="atMost">The longest wait from now. It limits the delay if the wall clock was set back while the program was down.</param>
    /// <param name="callback">The callback, which must be short.</param>
    /// <returns>The timer. Dispose it to cancel it.</returns>
    public IDisposable Set(DateTimeOffset due, TimeSpan atMost, Action callback)
    {
        TimeSpan wait = due - _time.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > atMost ? atMost : wait;
        lock (_gate)
        {
            TimeSpan now = _clock.Read();
            var entry = new Entry(this, wait < TimeSpan.MaxValue - now ? now + wait : TimeSpan.MaxValue, _numbers++, callback);
            _entries.Add(entry);
            Arm(now);
            return entry;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _entries.Clear();
        }

        _alarm.Dispose();
    }

    private void Ring()
    {
        var due = new List<Entry>();
        lock (_gate)
        {
            TimeSpan now = _clock.Read();
            while (_entries.Min is { } first && first.At <= now)
            {
                _entries.Remove(first);
                due.Add(first);
            }

            Arm(now);
        }

        foreach (Entry entry in due)
            entry.Callback();
    }

    private void Arm(TimeSpan now)
    {
        if (_disposed || _entries.Min is not { } first)
            return;
        TimeSpan wait = first.At - now;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestSleep ? LongestSleep : wait;

        // The wait is rounded up, because platform timers count whole milliseconds. Ringing early would only ring again.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void Remove(Entry entry)
    {
        lock (_gate)
            _entries.Remove(entry);
    }

    private sealed class Entry(DurableTimers owner, TimeSpan at, long number, Action callback) : IDisposable
    {
        public TimeSpan At { get; } = at;

        public Action Callback { get; } = callback;

        public long Number { get; } = number;

        public void Dispose() => owner.Remove(this);
    }
}
