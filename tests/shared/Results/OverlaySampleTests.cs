using KeypointPipeline.Results.Overlays;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class OverlaySampleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(61)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(777)]
    [InlineData(100_000)]
    public void Drawn_images_are_as_many_as_allowed_and_spread_evenly(int images)
    {
        var sample = new OverlaySample(images);
        int[] overlays = [.. Enumerable.Range(0, images).Where(sample.HasOverlay)];
        int[] thumbnails = [.. Enumerable.Range(0, images).Where(sample.HasThumbnail)];
        Assert.Equal(Math.Min(images, OverlaySample.MaximumOverlays), overlays.Length);
        Assert.Equal(Math.Min(images, OverlaySample.MaximumThumbnails), thumbnails.Length);
        Assert.All(thumbnails, index => Assert.True(sample.HasOverlay(index)));
        int widest = thumbnails.Zip(thumbnails.Skip(1), (a, b) => b - a).Append(0).Max();
        Assert.InRange(widest, 0, (2 * images / OverlaySample.MaximumThumbnails) + 1);
    }
}
