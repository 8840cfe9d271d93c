using KeypointPipeline.Errors;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Commands;
using KeypointPipeline.TrainerJob.Loop;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Commands;

public sealed class TrainOptionsTests
{
    [Fact]
    public void A_frame_is_a_width_and_a_height()
    {
        Assert.Equal(new FrameSize(128, 160), Options("128x160").ReadFrame());
        Assert.Null(Options(null).ReadFrame());
    }

    [Theory]
    [InlineData("128")]
    [InlineData("4x96")]
    [InlineData("96x2000")]
    public void A_frame_that_cannot_be_trained_is_refused_with_what_is_expected(string frame) =>
        Assert.Equal(
            $"--frame {frame}: a width and a height in pixels such as 128x160 are expected, 8 to 1024 each.",
            Assert.Throws<UserErrorException>(() => Options(frame).ReadFrame()).Message);

    [Fact]
    public void Only_frames_by_box_or_points_are_moved_more()
    {
        Assert.Equal(new TrainingRecipe(), TrainingRecipe.For(null));
        Assert.Equal(new TrainingRecipe(), TrainingRecipe.For(Framing.Whole));
        var usual = new AffineRange();
        foreach (FramingKind kind in (FramingKind[])[FramingKind.Box, FramingKind.Points])
        {
            AffineRange moved = TrainingRecipe.For(new Framing(kind)).Movement!;
            Assert.True(moved.Shift > usual.Shift && moved.Scale > usual.Scale);
        }
    }

    private static TrainOptions Options(string? frame) => new("data", null, null, null, frame, "out", null, null, null, null, null, Resume: false);
}
