using KeypointPipeline.Training.ContainerApps;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

public sealed class TrainerJobsTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.App";

    [Fact]
    public void Jobs_are_read_in_their_order()
    {
        TrainerJobs jobs = TrainerJobs.Parse(
            $"{Group}/jobs/a100, {Group}/jobs/cpu,");

        Assert.Equal(["a100", "cpu"], jobs.Ids.Select(id => id.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" , ")]
    [InlineData("a100")]
    [InlineData(Group + "/containerApps/a100")]
    public void What_is_no_job_is_told_with_the_settings_name(string? text)
    {
        var error = Assert.Throws<FormatException>(() => TrainerJobs.Parse(text));

        Assert.Contains("TRAINER_JOBS", error.Message, StringComparison.Ordinal);
    }
}
