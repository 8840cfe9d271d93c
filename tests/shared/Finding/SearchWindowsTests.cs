using FsCheck.Xunit;
using KeypointPipeline.Finding;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class SearchWindowsTests
{
    [Theory]
    [InlineData(600, 400, 1, "320×256")]
    [InlineData(1000, 667, 1, "512×384")]
    [InlineData(4000, 3000, 1, "512×384")]
    [InlineData(1080, 1920, 1, "320×512")]
    [InlineData(2000, 2000, 1, "512×512")]
    [InlineData(3000, 1500, 1, "512×256")]
    [InlineData(20_000, 300, 33, "45 of 320×192")]
    public void A_picture_is_searched_in_one_window_and_a_panorama_in_several(int width, int height, int near, string far)
    {
        var windows = SearchWindows.Of(width, height);

        Assert.Equal(near, windows.Near.Count);
        string size = Assert.Single(windows.Far.Select(window => $"{window.Columns}×{window.Rows}").Distinct());
        Assert.Equal(far, windows.Far.Count == 1 ? size : $"{windows.Far.Count} of {size}");
    }

    [Property]
    public void Each_point_lies_in_a_window_of_each_network(ushort width, ushort height, byte across, byte down)
    {
        (int w, int h) = (1 + (width % 6000), 1 + (height % 6000));
        (double x, double y) = (w * across / 255.0, h * down / 255.0);
        var windows = SearchWindows.Of(w, h);

        Assert.Contains(windows.Near, window => Holds(window, x, y, 0));
        Assert.Contains(windows.Far, window => Holds(window, x, y, 0));
    }

    [Property]
    public void A_face_that_is_too_small_for_the_near_network_lies_whole_in_a_far_window(ushort width, ushort height, byte across, byte down)
    {
        (int w, int h) = (1 + (width % 6000), 1 + (height % 6000));
        double radius = Math.Min(SearchWindows.ExtentOf(w, h) / 8, Math.Min(w, h) / 2.0);
        (double x, double y) = (radius + ((w - (2 * radius)) * across / 255.0), radius + ((h - (2 * radius)) * down / 255.0));

        Assert.Contains(SearchWindows.Of(w, h).Far, window => Holds(window, x, y, radius));
    }

    [Property]
    public void A_far_window_has_whole_steps_and_little_beside_the_picture(ushort width, ushort height)
    {
        (int w, int h) = (1 + (width % 6000), 1 + (height % 6000));

        Assert.All(SearchWindows.Of(w, h).Far, window =>
        {
            Assert.Equal((0, 0), (window.Columns % 64, window.Rows % 64));
            Assert.InRange(window.Columns * window.Rows, 1, 512 * 512);
            Assert.True(window.Width < w + (64 * window.Scale) && window.Height < h + (64 * window.Scale), $"{window} on {w}×{h}");
        });
    }

    [Property]
    public void A_picture_on_its_side_is_searched_by_the_same_windows_on_their_side(ushort width, ushort height)
    {
        (int w, int h) = (1 + (width % 6000), 1 + (height % 6000));

        Assert.Equal(
            SearchWindows.Of(w, h).Far.Select(window => (window.Left, window.Top, window.Columns, window.Rows)).Order(),
            SearchWindows.Of(h, w).Far.Select(window => (window.Top, window.Left, window.Rows, window.Columns)).Order());
    }

    private static bool Holds(Window window, double x, double y, double radius)
    {
        const double Rounding = 1e-6;
        return window.Left <= x - radius + Rounding && x + radius <= window.Left + window.Width + Rounding
            && window.Top <= y - radius + Rounding && y + radius <= window.Top + window.Height + Rounding;
    }
}
