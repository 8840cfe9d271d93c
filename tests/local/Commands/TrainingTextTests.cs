using KeypointPipeline.Local.Commands;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class TrainingTextTests
{
    [Fact]
    public void It_says_epoch_step_error_speed_time_left_and_the_longest_time()
    {
        var status = new TrainingStatus(
            TrainingState.Running, default, 12, 150, ValidationRmse: 1.93, ImagesPerSecond: 152, SecondsLeft: 360, Step: 540, Steps: 6_750, MostSeconds: 7_200);

        Assert.Equal("epoch 12 of 150, step 540 of 6,750, 1.93 px, 152 images/s, 6 min left, at most 2 h", TrainingText.Describe(status));
    }

    [Fact]
    public void A_trainer_of_an_earlier_version_has_no_steps()
    {
        Assert.Equal("epoch 12 of 150, 40 s left", TrainingText.Describe(new TrainingStatus(TrainingState.Running, default, 12, 150, SecondsLeft: 40)));
    }
}
