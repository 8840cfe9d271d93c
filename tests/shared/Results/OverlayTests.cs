using KeypointPipeline.Images;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;
using static KeypointPipeline.Shared.Tests.Results.MergedResults;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class OverlayTests
{
    [Fact]
    public async Task An_overlay_has_each_keypoints_colour_where_the_keypoint_is()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(folder.Path, [new ImageResult("x/é y.png", 100, 80, [30, 40, 70, 40, 50, 60], null)]);
        using SKBitmap overlay = SKBitmap.Decode(Path.Combine(folder.Path, "overlays", "000001-__y.jpg"));
        Assert.Equal((400, 320), (overlay.Width, overlay.Height));
        var palette = new KeypointPalette(Schema);
        AssertColour(palette[0], overlay.GetPixel(122, 162));
        AssertColour(palette[1], overlay.GetPixel(282, 162));
        AssertColour(palette[2], overlay.GetPixel(202, 242));
        Assert.Equal(3, new HashSet<string> { palette[0], palette[1], palette[2] }.Count);
    }

    [Fact]
    public async Task An_overlay_outlines_each_face_with_small_dots_on_it()
    {
        using var folder = TestFolder.Create("results");
        ImageResult small = new("a.png", 400, 400, [95, 95, 105, 95, 100, 105], null) { Face = 1, Box = new PictureBox(80, 80, 40, 40), Scale = 2.5 };
        await MergeAsync(folder.Path, [small]);

        using SKBitmap overlay = SKBitmap.Decode(Path.Combine(folder.Path, "overlays", "000001-a.jpg"));
        foreach (int side in (int[])[80, 120])
        {
            // A light line with a dark rim.
            int[] across = [.. Enumerable.Range(side - 4, 8).Select(x => (int)overlay.GetPixel(x, 90).Red)];
            Assert.InRange(across.Max(), 140, 255);
            Assert.InRange(across.Min(), 0, 100);
        }

        AssertColour(new SKColor(120, 120, 120).ToString(), overlay.GetPixel(100, 100));
        AssertColour(new SKColor(120, 120, 120).ToString(), overlay.GetPixel(130, 100));
    }

    private static void AssertColour(string expected, SKColor actual)
    {
        SKColor colour = SKColor.Parse(expected);
        Assert.True(
            Math.Abs(colour.Red - actual.Red) + Math.Abs(colour.Green - actual.Green) + Math.Abs(colour.Blue - actual.Blue) < 90,
            $"expected about {colour}, found {actual}");
    }
}
