using KeypointPipeline.Images.Resampling;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class FrameResamplerTests
{
    [Theory]
    [InlineData(96, 96, 48, 48)]
    [InlineData(48, 48, 96, 96)]
    [InlineData(96, 64, 48, 48)]
    public void A_spot_is_where_its_moved_keypoint_is(int width, int height, int frameWidth, int frameHeight)
    {
        byte[] pixels = new byte[width * height];
        const int x = 20;
        const int y = 28;
        for (int dy = -3; dy <= 3; dy++)
            pixels.AsSpan(((y + dy) * width) + x - 3, 7).Fill(255);
        var resampler = new FrameResampler(width, height, frameWidth, frameHeight);
        byte[] frame = new byte[frameWidth * frameHeight];

        resampler.Resample(pixels, frame);
        (float movedX, float movedY) = resampler.Move(x, y);

        double sum = frame.Sum(grey => (double)grey);
        double centreX = frame.Select((grey, i) => (double)grey * (i % frameWidth)).Sum() / sum;
        double centreY = frame.Select((grey, i) => (double)grey * (i / frameWidth)).Sum() / sum;
        Assert.Equal(centreX, movedX, 0.05);
        Assert.Equal(centreY, movedY, 0.05);
    }

    [Fact]
    public void A_missing_keypoint_stays_missing()
    {
        Assert.Equal((float.NaN, float.NaN), new FrameResampler(96, 96, 48, 48).Move(float.NaN, float.NaN));
    }
}
