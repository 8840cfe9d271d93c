using Microsoft.Extensions.Time.Testing;

namespace KeypointPipeline.TestSupport;

/// <summary>A clock on which every wait ends at once, as if its time had passed.</summary>
public sealed class HurriedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
{
    private readonly List<TimeSpan> _waits = [];

    /// <summary>The waits so far, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => _waits;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Add(dueTime);
        Advance(dueTime);
        return timer;
    }
}
