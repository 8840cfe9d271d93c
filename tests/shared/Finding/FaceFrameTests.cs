using FsCheck.Xunit;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

public sealed class FaceFrameTests
{
    private static readonly FrameSize Frame = new(96, 96);
    private static readonly FaceAnchors Anchors = new(new(32, 36), new(64, 36), new(48, 70));

    [Property]
    public void A_face_with_the_proportions_of_the_anchors_lies_on_them(byte scale, short angle, short x, short y)
    {
        // The face is the anchors, scaled, turned and moved.
        double size = 0.25 + (scale / 16.0);
        (double sin, double cos) = Math.SinCos(angle % 360 * Math.PI / 180);
        FacePoints face = Face(anchor => new(x + (size * ((cos * anchor.X) - (sin * anchor.Y))), y + (size * ((sin * anchor.X) + (cos * anchor.Y)))));

        FrameTransform placed = FaceFrame.Place(face, Anchors, Frame)!.Value;

        AssertNear(face.RightEye, placed.ToImage(32, 36), size);
        AssertNear(face.LeftEye, placed.ToImage(64, 36), size);
        AssertNear(face.Mouth, placed.ToImage(48, 70), size);
        Assert.Equal(size, placed.Scale, 1e-3 * size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(-120)]
    public void Without_anchors_the_frame_has_the_usual_side_centre_and_angle(double angle)
    {
        // Eyes 40 px apart, mouth 30 px below their middle: the side by the eyes, 2.75 · 40 = 110 px, is the larger one.
        (double sin, double cos) = Math.SinCos(angle * Math.PI / 180);
        var face = new FacePoints(At(-20, 0), At(20, 0), At(0, 15), At(0, 30), At(-40, 0), At(40, 0));

        FrameTransform placed = FaceFrame.Place(face, anchors: null, Frame)!.Value;

        Assert.Equal(110 / 96.0, placed.Scale, 1e-9);
        Assert.Equal(angle, placed.Angle, 1e-9);
        AssertNear(At(0, 0.28 * 30), placed.ToImage(47.5, 47.5), 1);

        FacePoint At(double right, double down) => new(500 + (cos * right) - (sin * down), 300 + (sin * right) + (cos * down));
    }

    [Fact]
    public void A_face_whose_points_coincide_has_no_frame()
    {
        var face = new FacePoints(new(5, 5), new(5, 5), new(5, 5), new(5, 5), new(5, 5), new(5, 5));
        Assert.Null(FaceFrame.Place(face, Anchors, Frame));
        Assert.Null(FaceFrame.Place(face, anchors: null, Frame));
    }

    [Theory]
    [InlineData(1000, 800, 1)]
    [InlineData(8000, 6000, 8000 / 1280.0)]
    [InlineData(20000, 300, 1)]
    [InlineData(20000, 3000, 6000 / 1280.0)]
    public void The_detector_gets_about_1280_pixels_of_the_longer_side_or_of_twice_the_shorter_one(int width, int height, double finest)
    {
        var finder = new FaceFinder(_ => [], Anchors, Frame);
        Assert.Equal(finest, finder.Finest(width, height)!.Value, 1e-9);
        Assert.Equal(finest, finder.Finest(height, width)!.Value, 1e-9);
    }

    private static FacePoints Face(Func<FacePoint, FacePoint> place) => new(
        place(Anchors.RightEye), place(Anchors.LeftEye), place(new(48, 55)), place(Anchors.Mouth), place(new(20, 40)), place(new(76, 40)));

    private static void AssertNear(FacePoint expected, (double X, double Y) actual, double unit)
    {
        Assert.Equal(expected.X, actual.X, 0.02 * unit);
        Assert.Equal(expected.Y, actual.Y, 0.02 * unit);
    }
}
