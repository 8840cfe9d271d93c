using KeypointPipeline.Errors;
using KeypointPipeline.Local.Watching;
using Xunit;

namespace KeypointPipeline.Local.Tests.Watching;

public sealed class RetrainScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0 3 * * *", "2026-11-24T03:00:00Z")]
    [InlineData("0 0 3 * * *", "2026-11-24T03:00:00Z")]
    [InlineData("*/15 * * * *", "2026-11-23T12:15:00Z")]
    [InlineData("30 0 12 * * *", "2026-11-23T12:00:30Z")]
    [InlineData("0 3 * * 0", "2026-11-29T03:00:00Z")]
    [InlineData("0 0 3 * * Sun", "2026-11-29T03:00:00Z")]
    public void Five_fields_and_six_are_read_in_UTC(string text, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), RetrainSchedule.Parse(text).NextAfter(Noon));

    [Theory]
    [InlineData("")]
    [InlineData("every day")]
    [InlineData("61 3 * * *")]
    [InlineData("0 0 0 3 * * *")]
    public void Anything_else_is_refused_with_an_example(string text)
    {
        UserErrorException refusal = Assert.Throws<UserErrorException>(() => RetrainSchedule.Parse(text));

        Assert.Contains($"RETRAIN_SCHEDULE '{text}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("0 3 * * *", refusal.Message, StringComparison.Ordinal);
    }
}
