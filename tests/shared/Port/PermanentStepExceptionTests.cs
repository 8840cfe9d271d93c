using KeypointPipeline.Port;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Port;

public sealed class PermanentStepExceptionTests
{
    [Theory]
    [InlineData("KeypointPipeline.Workflows.PermanentStepException", true)]
    [InlineData("KeypointPipeline.Port.PermanentStepException", true)]
    [InlineData("System.IO.IOException", false)]
    [InlineData("Terminated", false)]
    [InlineData(null, false)]
    public void Histories_of_every_version_say_which_failures_are_not_retried(string? recorded, bool isPermanent) =>
        Assert.Equal(isPermanent, PermanentStepException.IsTypeName(recorded));

    [Fact]
    public void The_name_that_is_recorded_now_is_recognised() =>
        Assert.True(PermanentStepException.IsTypeName(typeof(PermanentStepException).FullName));
}
