using FsCheck.Xunit;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

public sealed class DrawnFaceTests
{
    private static readonly KeypointSchema Schema = new(DrawnFace.KeypointNames, 96, 96);

    [Fact]
    public void The_keypoints_are_Kaggles_fifteen_in_Kaggles_order()
    {
        Assert.Equal(15, Schema.Count);
        Assert.Equal("left_eye_center", Schema.Names[0]);
        Assert.Equal("nose_tip", Schema.Names[10]);
        Assert.Equal("mouth_center_bottom_lip", Schema.Names[14]);
    }

    [Fact]
    public void The_same_seed_and_number_draw_the_same_bytes()
    {
        using var once = DrawnFace.Draw(5, 17, 96);
        using var again = DrawnFace.Draw(5, 17, 96);
        Assert.True(once.Picture.GetPixelSpan().SequenceEqual(again.Picture.GetPixelSpan()));
        Assert.Equal(once.Keypoints, again.Keypoints);
    }

    [Theory]
    [InlineData(5, 18)]
    [InlineData(6, 17)]
    public void Another_seed_or_number_draws_another_face(int seed, int number)
    {
        using var one = DrawnFace.Draw(5, 17, 96);
        using var other = DrawnFace.Draw((ulong)seed, number, 96);
        Assert.False(one.Picture.GetPixelSpan().SequenceEqual(other.Picture.GetPixelSpan()));
        Assert.NotEqual(one.Keypoints, other.Keypoints);
    }

    [Property(MaxTest = 150)]
    public void All_keypoints_lie_inside_the_picture_and_left_ones_to_the_right(ulong seed, ushort number)
    {
        using var face = DrawnFace.Draw(seed, number, 24);
        Assert.All(face.Keypoints, point => Assert.True(point.X is >= 0 and <= 23 && point.Y is >= 0 and <= 23, $"{point}"));
        for (int k = 0; k < Schema.Count; k++)
        {
            if (Schema.Names[k].Contains("left_", StringComparison.Ordinal))
                Assert.True(face.Keypoints[k].X > face.Keypoints[Schema.MirrorMap[k]].X, Schema.Names[k]);
        }
    }

    [Fact]
    public void A_larger_picture_of_the_same_face_has_the_same_keypoints_at_its_scale()
    {
        using var small = DrawnFace.Draw(3, 4, 96);
        using var large = DrawnFace.Draw(3, 4, 480);
        for (int k = 0; k < Schema.Count; k++)
        {
            Assert.Equal((small.Keypoints[k].X + 0.5f) * 5, large.Keypoints[k].X + 0.5f, 0.01f);
            Assert.Equal((small.Keypoints[k].Y + 0.5f) * 5, large.Keypoints[k].Y + 0.5f, 0.01f);
        }
    }

    [Fact]
    public void In_a_wide_picture_the_face_is_in_the_middle_square()
    {
        using var square = DrawnFace.Draw(3, 4, 100);
        using var wide = DrawnFace.Draw(3, 4, 140, 100);
        Assert.Equal((140, 100), (wide.Picture.Width, wide.Picture.Height));
        for (int k = 0; k < Schema.Count; k++)
        {
            Assert.Equal(square.Keypoints[k].X + 20, wide.Keypoints[k].X, 0.01f);
            Assert.Equal(square.Keypoints[k].Y, wide.Keypoints[k].Y, 0.01f);
        }
    }

    [Theory]
    [InlineData(15, 96)]
    [InlineData(96, 15)]
    public void A_picture_too_small_to_show_a_face_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DrawnFace.Draw(1, 1, width, height));

    [Fact]
    public void Faces_look_in_different_directions_and_at_different_distances()
    {
        double[] eyes = new double[200], nose = new double[200];
        for (int i = 0; i < eyes.Length; i++)
        {
            using var face = DrawnFace.Draw(1, i, 24);
            SKPoint left = face.Keypoints[0], right = face.Keypoints[1], tip = face.Keypoints[10];
            eyes[i] = SKPoint.Distance(left, right) * 4;
            nose[i] = (tip.X - (left.X + right.X) / 2) * 4;
        }

        Assert.InRange(eyes.Average(), 28, 34); // Kaggle's mean is about 32 of 96 pixels.
        Assert.InRange(eyes.Max() - eyes.Min(), 6, 20);
        Assert.InRange(nose.Max() - nose.Min(), 6, 25);
    }
}
