using KeypointPipeline.Port;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Port;

public sealed class StepRetryTests
{
    [Fact]
    public void Waits_grow_up_to_the_longest()
    {
        var retry = new StepRetry(5, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10));

        Assert.Equal([1, 3, 9, 10], Enumerable.Range(1, 4).Select(attempt => retry.DelayAfter(attempt).TotalSeconds));
    }

    [Fact]
    public void A_policy_that_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRetry(0, TimeSpan.Zero, 1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRetry(1, TimeSpan.FromSeconds(2), 1, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRetry(1, TimeSpan.Zero, 0.5, TimeSpan.Zero));
    }
}
