namespace KeypointPipeline.Local.Engine.Timers;

/// <summary>Calls back when a time has come. The times themselves are in the journal; this keeps those of this process.</summary>
internal sealed class DurableTimers : IDisposable
{
    /// <summary>How often the clock is looked at while a timer waits: bounds how late a computer's wake-up is noticed, and keeps
    /// waits of years within what the platform's timers can take.</summary>
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

    /// <summary>Calls back, on any thread, once the time is due; at once where it has passed.</summary>
    /// <param name="due">When, UTC.</param>
    /// <param name="atMost">The longest wait from now: what a wall clock that was set back while the program was down can cost.</param>
    /// <param name="callback">Must be short.</param>
    /// <returns>Dispose it to call the timer off.</returns>
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

        // Rounded up: platform timers count whole milliseconds, and ringing early would only ring again.
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
