using KeypointPipeline.Local.Commands;
using KeypointPipeline.Local.Machine;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class TrainCommandTests
{
    [Theory]
    [InlineData("my-model", "--data", "faces.csv", "--out", "my-model", "--epochs", "3")]
    [InlineData("my-model", "--out=my-model", "--data=faces.csv")]
    [InlineData("my-model", "--data", "faces.csv", "--resume", "--out:my-model")]
    [InlineData("train", "--out", "train", "--data", "train")]
    [InlineData(null, "--data", "faces.csv")]
    [InlineData(null, "--data", "faces.csv", "--out")]
    [InlineData(null, "--out", "one", "--out", "two")]
    [InlineData(null, "--out", "my-model", "--help")]
    [InlineData(null)]
    public void The_folder_whose_progress_is_shown_is_the_one_that_the_trainer_fills(string? expected, params string[] arguments)
    {
        Assert.Equal(expected, TrainCommand.FindOutput(arguments));
    }

    [Fact]
    public void The_tool_is_named_as_it_can_be_called_from_the_users_folder()
    {
        Assert.Equal(OperatingSystem.IsWindows() ? "keypoints" : "./keypoints", KeypointsCommand.In(RepositoryRoot.Path));
        Assert.Equal(Path.Combine(RepositoryRoot.Path, "keypoints"), KeypointsCommand.In(Path.GetTempPath()));
    }
}
