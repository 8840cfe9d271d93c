using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class CalledProgramTests
{
    [Theory]
    [InlineData(null, "keypoint-trainer train --resume")]
    [InlineData("", "keypoint-trainer train --resume")]
    [InlineData("./keypoints", "./keypoints train --resume")]
    public void Called_directly_the_trainer_names_itself_and_otherwise_the_tool(string? calledAs, string expected)
    {
        var program = CalledProgram.Find(name => name == TrainerVariables.CalledAs ? calledAs : null);

        Assert.Equal(expected, program.CommandLine(["train", "--resume"]));
    }

    [Theory]
    [InlineData("my-model", "my-model")]
    [InlineData("Gesichter/größe.csv", "Gesichter/größe.csv")]
    [InlineData("my model", "'my model'")]
    [InlineData("Ada's $HOME", @"'Ada'\''s $HOME'")]
    [InlineData("", "''")]
    public void Arguments_that_a_shell_would_change_are_quoted(string argument, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows quotes otherwise");

        Assert.Equal($"keypoints {expected}", new CalledProgram("keypoints").CommandLine([argument]));
    }
}
