using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class TurnedFrameTests
{
    private static readonly FrameSize Frame = new(96, 72);
    private readonly ImageDecoder _decoder = new();

    [Property]
    public void A_point_of_a_turned_frame_goes_to_the_image_and_back(NormalFloat x, NormalFloat y, NormalFloat angle, byte scale, short left, short top)
    {
        var transform = new FrameTransform((scale + 1) / 16.0, left / 10.0, top / 10.0) { Angle = angle.Get % 720 };
        (double frameX, double frameY) = (x.Get % 96, y.Get % 96);
        (double imageX, double imageY) = transform.ToImage(frameX, frameY);
        (double backX, double backY) = transform.ToFrame(imageX, imageY);
        Assert.Equal(frameX, backX, 1e-6);
        Assert.Equal(frameY, backY, 1e-6);
    }

    [Fact]
    public void A_frame_turned_by_90_degrees_has_its_right_side_at_the_bottom_of_the_picture()
    {
        // As people see it: clockwise.
        var transform = new FrameTransform(2, 0, 0) { Angle = 90 };
        (double x, double y) = transform.ToImage(9.5, -0.5);
        Assert.Equal(-0.5, x, 1e-9);
        Assert.Equal(19.5, y, 1e-9);
    }

    [Property]
    public Property A_frame_through_points_has_them_at_their_place() => Prop.ForAll(
        Gen.Choose(-2000, 4000).Four().ToArbitrary(),
        Gen.Choose(0, 95).Four().ToArbitrary(),
        (image, frame) =>
        {
            (double X, double Y)[] from = [(frame.Item1, frame.Item2), (frame.Item3, frame.Item4)];
            (double X, double Y)[] to = [(image.Item1, image.Item2), (image.Item3, image.Item4)];
            FrameTransform? transform = FrameTransform.Through(from, to);
            Assert.Equal(from[0] == from[1] || to[0] == to[1], transform is null);
            for (int i = 0; i < 2 && transform is not null; i++)
            {
                (double x, double y) = transform.Value.ToImage(from[i].X, from[i].Y);
                Assert.Equal(to[i].X, x, 1e-2);
                Assert.Equal(to[i].Y, y, 1e-2);
            }
        });

    [Fact]
    public void A_frame_through_three_points_has_the_least_squared_distance()
    {
        (double X, double Y)[] frame = [(30, 30), (66, 30), (48, 70)];
        (double X, double Y)[] image = [(130, 90), (205, 120), (140, 190)];
        FrameTransform best = FrameTransform.Through(frame, image)!.Value;
        double least = Distance(best);
        foreach (double change in (double[])[-0.01, 0.01])
        {
            Assert.True(least < Distance(best with { Scale = best.Scale * (1 + change) }));
            Assert.True(least < Distance(best with { Left = best.Left + change }));
            Assert.True(least < Distance(best with { Top = best.Top + change }));
            Assert.True(least < Distance(best with { Angle = best.Angle + (10 * change) }));
        }

        double Distance(FrameTransform transform) => frame.Zip(image).Sum(pair =>
        {
            (double x, double y) = transform.ToImage(pair.First.X, pair.First.Y);
            return Math.Pow(x - pair.Second.X, 2) + Math.Pow(y - pair.Second.Y, 2);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(-120)]
    public void The_outline_of_a_frame_is_its_box_on_the_picture(double angle)
    {
        var transform = new FrameTransform(3, -20, 11) { Angle = angle };
        PictureBox outline = transform.Outline(Frame);
        (double centreX, double centreY) = transform.ToImage(47.5, 35.5);
        Assert.Equal(centreX + 0.5, outline.Left + (outline.Width / 2), 1e-9);
        Assert.Equal(centreY + 0.5, outline.Top + (outline.Height / 2), 1e-9);
        Assert.Equal((288, 216, angle), (outline.Width, outline.Height, outline.Angle));
        // A box turned by the frame's angle is what the frame's corners span.
        (double X, double Y)[] corners = [transform.ToImage(-0.5, -0.5), transform.ToImage(95.5, -0.5), transform.ToImage(-0.5, 71.5), transform.ToImage(95.5, 71.5)];
        Assert.Equal(corners.Max(c => c.X) - corners.Min(c => c.X), outline.Upright().Width, 1e-9);
        Assert.Equal(corners.Max(c => c.Y) - corners.Min(c => c.Y), outline.Upright().Height, 1e-9);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(1.7)]
    [InlineData(4.1)]
    [InlineData(5.9)]
    public void A_frame_turned_by_almost_nothing_is_the_straight_frame(double scale)
    {
        byte[] file = TestImages.Encode(610, 470, Noise, SKEncodedImageFormat.Png);
        using DecodedPicture picture = Decoded(file, out OpenedPicture opened);
        using (opened)
        {
            FrameTransform[] straight = [new(scale, -3.3, -2.1), new(scale, 20, 15), new(scale, 30 - (610 / scale), 10.4)];
            IReadOnlyList<byte[]> expected = picture.Sample(straight, Frame);
            IReadOnlyList<byte[]> actual = picture.Sample([.. straight.Select(transform => transform with { Angle = 1e-9 })], Frame);
            for (int i = 0; i < straight.Length; i++)
            {
                // Between neighbours of this noise lie up to 255 grey values, and a centre moves by up to 1/128 of a pixel.
                int[] differences = [.. expected[i].Zip(actual[i], (a, b) => Math.Abs(a - b))];
                Assert.InRange(differences.Max(), 0, 3);
                Assert.InRange(differences.Average(), 0, 0.5);
            }
        }
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(2.6)]
    [InlineData(6.5)]
    [InlineData(9.7)]
    [InlineData(23)]
    public void Details_that_a_frame_holds_differ_by_at_most_a_grey_value_in_a_frame_turned_by_almost_nothing(double scale)
    {
        int side = (int)(96 * scale);
        byte[] file = TestImages.Encode(side, side, (x, y) => Scene(x / scale, y / scale), SKEncodedImageFormat.Png);
        using DecodedPicture picture = Decoded(file, out OpenedPicture opened);
        using (opened)
        {
            var straight = new FrameTransform(scale, 0.3, -0.2);
            byte[] expected = picture.Sample([straight], Frame)[0];
            byte[] actual = picture.Sample([straight with { Angle = 1e-9 }], Frame)[0];
            Assert.Equal(0, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 1.0);
        }
    }

    [Theory]
    [InlineData(90, 8)]
    [InlineData(180, 3)]
    [InlineData(-90, 6)]
    public void A_frame_turned_by_quarters_is_the_straight_frame_of_the_turned_picture(double angle, int orientation)
    {
        byte[] plain = TestImages.Encode(401, 303, Noise, SKEncodedImageFormat.Png);
        using OpenedPicture turned = _decoder.Open(WithOrientation(plain, orientation));
        using OpenedPicture picture = _decoder.Open(plain);
        foreach (double scale in (double[])[0.6, 2.2, 5.1])
        {
            var straight = new FrameTransform(scale, -15.4, 4.7);
            byte[] expected = turned.Sample([straight], Frame)[0];
            (double X, double Y)[] points = [(10, 20), (80, 50)];
            FrameTransform through = FrameTransform.Through(points, [.. points.Select(point => ToPlain(straight.ToImage(point.X, point.Y)))])!.Value;
            Assert.Equal(0, Math.IEEERemainder(through.Angle - angle, 360), 1e-4);
            byte[] actual = picture.Sample([through with { Angle = angle }], Frame)[0];
            int[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b))];
            Assert.InRange(differences.Max(), 0, 3);
            Assert.InRange(differences.Average(), 0, 0.4);
        }

        (double X, double Y) ToPlain((double X, double Y) point) => orientation switch
        {
            8 => (400 - point.Y, point.X),
            3 => (400 - point.X, 302 - point.Y),
            _ => (point.Y, 302 - point.X),
        };
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_turned_frame_of_a_turned_file_is_that_of_the_upright_file(int orientation)
    {
        byte[] upright = TestImages.Encode(161, 97, Noise, SKEncodedImageFormat.Png);
        var stored = TestImages.Stored(161, 97, Noise, orientation);
        byte[] turned = WithOrientation(TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png), orientation);
        FrameTransform[] transforms = [new(0.7, 20, -5) { Angle = 25 }, new(2.5, 10, 20) { Angle = -70 }];
        using OpenedPicture expected = _decoder.Open(upright);
        using OpenedPicture actual = _decoder.Open(turned);
        foreach ((byte[] first, byte[] second) in expected.Sample(transforms, Frame).Zip(actual.Sample(transforms, Frame)))
            Assert.InRange(first.Zip(second, (a, b) => Math.Abs(a - b)).Average(), 0, 0.4);
    }

    [Property(MaxTest = 60)]
    public Property A_picture_of_one_colour_stays_of_one_colour() => Prop.ForAll(
        Gen.Choose(1, 300).Two().ToArbitrary(),
        Gen.Choose(-1000, 1000).Four().ToArbitrary(),
        (sizes, numbers) =>
        {
            byte grey = (byte)(numbers.Item1 & 0xFF);
            using DecodedPicture picture = Decoded(
                TestImages.Encode(sizes.Item1, sizes.Item2, (_, _) => new SKColor(grey, grey, grey), SKEncodedImageFormat.Png), out OpenedPicture opened);
            using (opened)
            {
                var transform = new FrameTransform(Math.Pow(10, numbers.Item2 / 600.0), numbers.Item3 / 5.0, numbers.Item4 / 5.0) { Angle = numbers.Item1 };
                Assert.All(picture.Sample([transform], new FrameSize(16, 12))[0], actual => Assert.Equal(grey, actual));
            }
        });

    [Property(MaxTest = 60)]
    public Property A_turned_frame_shows_what_lies_at_its_place() => Prop.ForAll(
        Gen.Choose(-1800, 1800).ToArbitrary(),
        Gen.Choose(0, 1000).Four().ToArbitrary(),
        (angle, numbers) =>
        {
            double scale = 0.4 + (numbers.Item1 / 100.0);
            double sigma = 1.5 * Math.Max(1, scale);
            (double x, double y) = ((12 * sigma) + (numbers.Item2 / 10.0), (12 * sigma) + (numbers.Item3 / 10.0));
            int side = (int)((24 * sigma) + 100);
            (double frameX, double frameY) = (20 + (numbers.Item4 / 20.0), 20 + (numbers.Item2 / 40.0));
            // A second point at the angle fixes the frame.
            (double sin, double cos) = Math.SinCos(angle / 10.0 * Math.PI / 180);
            FrameTransform transform = FrameTransform.Through(
                [(frameX, frameY), (frameX + 40, frameY)], [(x, y), (x + (40 * scale * cos), y + (40 * scale * sin))])!.Value;
            using DecodedPicture picture = Decoded(TestImages.Encode(side, side, TestImages.Spot(x, y, sigma), SKEncodedImageFormat.Png), out OpenedPicture opened);
            using (opened)
            {
                byte[] bytes = picture.Sample([transform], Frame)[0];
                double sum = bytes.Sum(grey => (double)grey);
                Assert.Equal(frameX, bytes.Select((grey, i) => (double)grey * (i % 96)).Sum() / sum, 0.1);
                Assert.Equal(frameY, bytes.Select((grey, i) => (double)grey * (i / 96)).Sum() / sum, 0.1);
            }
        });

    [Theory]
    [InlineData(4)]
    [InlineData(7.3)]
    [InlineData(20)]
    public void A_pattern_finer_than_the_turned_frame_becomes_even_grey(double scale)
    {
        using DecodedPicture picture = Decoded(
            TestImages.Encode(900, 900, (x, y) => (x + y) % 2 == 0 ? SKColors.White : SKColors.Black, SKEncodedImageFormat.Png), out OpenedPicture opened);
        using (opened)
            Assert.All(picture.Sample([new FrameTransform(scale, 0, -10) { Angle = 20 }], Frame)[0], grey => Assert.InRange(grey, 124, 131));
    }

    [Fact]
    public void Beyond_the_picture_a_turned_frame_repeats_the_nearest_border()
    {
        byte[] file = TestImages.Encode(40, 40, (x, _) => x < 20 ? new SKColor(40, 40, 40) : new SKColor(220, 220, 220), SKEncodedImageFormat.Png);
        using OpenedPicture picture = _decoder.Open(file);
        FrameTransform left = FrameTransform.Through([(0, 36), (95, 36)], [(-300, 20), (-250, -60)])!.Value;
        FrameTransform right = FrameTransform.Through([(0, 36), (95, 36)], [(300, 20), (250, -60)])!.Value;
        IReadOnlyList<byte[]> frames = picture.Sample([left, right], Frame);
        Assert.All(frames[0], grey => Assert.Equal(40, grey));
        Assert.All(frames[1], grey => Assert.Equal(220, grey));
    }

    private DecodedPicture Decoded(byte[] file, out OpenedPicture opened)
    {
        opened = _decoder.Open(file);
        return opened.Decode(1);
    }

    private static byte[] WithOrientation(byte[] png, int orientation) =>
        TestExif.InPng(png, TestImages.PngChunk("eXIf"u8, TestExif.Create(orientation, little: true)), atEnd: false);

    /// <summary>Details up to those that a frame just holds, in frame pixels.</summary>
    private static SKColor Scene(double x, double y)
    {
        double value = 128 + (50 * Math.Sin(x / 9)) + (40 * Math.Cos((y + x) / 3.5)) + (25 * Math.Sin((2 * y) - x));
        byte grey = (byte)Math.Clamp(value, 0, 255);
        return new SKColor(grey, grey, grey);
    }

    private static SKColor Noise(int x, int y)
    {
        uint hash = ((uint)x * 2_654_435_761) ^ ((uint)y * 2_246_822_519);
        hash = (hash ^ (hash >> 13)) * 1_274_126_177;
        return new SKColor(hash | 0xFF000000);
    }
}
