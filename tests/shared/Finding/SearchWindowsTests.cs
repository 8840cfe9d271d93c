using FsCheck.Xunit;
using KeypointPipeline.Finding;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class SearchWindowsTests
{
    [Theory]
    [InlineData(600, 400, 1, 1)]
    [InlineData(1000, 667, 1, 5)]
    [InlineData(1920, 1080, 1, 3)]
    [InlineData(2000, 2000, 1, 5)]
    [InlineData(3000, 1500, 1, 3)]
    [InlineData(20_000, 300, 33, 45)]
    public void A_picture_is_searched_as_a_whole_and_a_large_one_also_in_tiles(int width, int height, int near, int far)
    {
        var windows = SearchWindows.Of(width, height);

        Assert.Equal((near, far), (windows.Near.Count, windows.Far.Count));
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
    public void A_small_face_lies_whole_in_a_tile(ushort width, ushort height, byte across, byte down)
    {
        (int w, int h) = (800 + (width % 6000), 800 + (height % 6000));
        double extent = SearchWindows.ExtentOf(w, h);
        double radius = extent / 33;
        (double x, double y) = (radius + ((w - (2 * radius)) * across / 255.0), radius + ((h - (2 * radius)) * down / 255.0));

        Assert.Contains(SearchWindows.Of(w, h).Far, window => window.Side < 0.6 * extent && Holds(window, x, y, radius));
    }

    [Property]
    public void A_picture_on_its_side_is_searched_by_the_same_windows_on_their_side(ushort width, ushort height)
    {
        (int w, int h) = (1 + (width % 6000), 1 + (height % 6000));

        Assert.Equal(
            SearchWindows.Of(w, h).Far.Select(window => (window.Left, window.Top, window.Side)).Order(),
            SearchWindows.Of(h, w).Far.Select(window => (window.Top, window.Left, window.Side)).Order());
    }

    private static bool Holds(Window window, double x, double y, double radius)
    {
        const double Rounding = 1e-6;
        return window.Left <= x - radius + Rounding && x + radius <= window.Left + window.Side + Rounding
            && window.Top <= y - radius + Rounding && y + radius <= window.Top + window.Side + Rounding;
    }
}
