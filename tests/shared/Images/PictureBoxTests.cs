using FsCheck.Xunit;
using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class PictureBoxTests
{
    [Property]
    public void The_corners_of_a_turned_box_span_its_upright_extent_and_keep_its_sides(FsCheck.PositiveInt width, FsCheck.PositiveInt height, int angle)
    {
        var box = new PictureBox(-3, 5, width.Get, height.Get, angle % 360);

        IReadOnlyList<(double X, double Y)> corners = box.Corners();
        PictureBox upright = box.Upright();

        double tolerance = 1e-9 * (width.Get + height.Get + 10);
        Assert.Equal(upright.Left, corners.Min(corner => corner.X), tolerance);
        Assert.Equal(upright.Top + upright.Height, corners.Max(corner => corner.Y), tolerance);
        Assert.Equal(box.Width, double.Hypot(corners[1].X - corners[0].X, corners[1].Y - corners[0].Y), tolerance);
        Assert.Equal(box.Height, double.Hypot(corners[2].X - corners[1].X, corners[2].Y - corners[1].Y), tolerance);
    }

    [Fact]
    public void A_box_turns_clockwise_as_people_see_it()
    {
        IReadOnlyList<(double X, double Y)> corners = new PictureBox(0, 0, 20, 10, 90).Corners();

        // The top left corner comes to lie top right.
        Assert.Equal((15.0, -5.0), (Math.Round(corners[0].X, 9), Math.Round(corners[0].Y, 9)));
    }
}
