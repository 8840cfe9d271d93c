using Microsoft.Extensions.Time.Testing;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>Time that moves only when told, and whose wall clock can be set without time passing, as people, NTP and a machine that
/// wakes do.</summary>
internal sealed class SetClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
{
    private long _ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the wall clock ahead, or back where negative.</summary>
    public void SetAhead(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
