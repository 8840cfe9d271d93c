using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class CropTests
{
    private readonly ImageDecoder _decoder = new();

    [Property]
    public void A_crop_of_the_whole_picture_with_margin_1_is_the_fit_of_the_picture(PositiveInt width, PositiveInt height, PositiveInt frameWidth, PositiveInt frameHeight)
    {
        var fit = FrameTransform.Fit(width.Get, height.Get, frameWidth.Get, frameHeight.Get);
        Assert.Equal(fit, FrameTransform.Crop(new PictureBox(0, 0, width.Get, height.Get), 1, new FrameSize(frameWidth.Get, frameHeight.Get)));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 61, 37, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1603, 1201, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1603, 1201, 3)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1603, 1201, 6)]
    [InlineData(SKEncodedImageFormat.Jpeg, 803, 1601, 8)]
    public void A_crop_of_the_whole_picture_has_the_bytes_of_the_decoded_picture(SKEncodedImageFormat format, int width, int height, int orientation)
    {
        byte[] file = TestImages.Encode(width, height, Colour, format);
        if (format == SKEncodedImageFormat.Jpeg)
            file = TestImages.WithOrientation(file, orientation);
        DecodedImage decoded = _decoder.Decode(file, 96, 72);

        using OpenedPicture picture = _decoder.Open(file);
        var crop = FrameTransform.Crop(new PictureBox(0, 0, picture.Width, picture.Height), 1, new FrameSize(96, 72));
        Assert.Equal(decoded.Frame, picture.Sample([crop], new FrameSize(96, 72))[0]);
    }

    [Property(MaxTest = 40)]
    public Property A_crop_shows_what_lies_at_its_place_in_every_exif_orientation() => Prop.ForAll(
        Gen.Choose(1, 8).ToArbitrary(),
        Gen.Choose(40, 200).Four().ToArbitrary(),
        Gen.Choose(-300, 300).Three().ToArbitrary(),
        (orientation, sizes, place) =>
        {
            (int width, int height) = (sizes.Item1, sizes.Item2);
            var frame = new FrameSize(sizes.Item3, sizes.Item4);
            (double x, double y) = (width * (0.5 + (place.Item1 / 1000.0)), height * (0.5 + (place.Item2 / 1000.0)));
            var stored = TestImages.Stored(width, height, TestImages.Spot(x, y, 2), orientation);
            byte[] file = TestExif.InPng(
                TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png),
                TestImages.PngChunk("eXIf"u8, TestExif.Create(orientation, little: true)),
                atEnd: false);
            // The spot lies anywhere in the crop, with 12 pixels around it.
            double half = 20 + (Math.Abs(place.Item3) / 10.0);
            double shift = (half - 12) * place.Item3 / 300.0;
            var transform = FrameTransform.Crop(new PictureBox(x + 0.5 - half + shift, y + 0.5 - half - shift, 2 * half, 2 * half), 1, frame);

            using OpenedPicture picture = _decoder.Open(file);
            byte[] bytes = picture.Sample([transform], frame)[0];

            (double foundX, double foundY) = Centre(bytes, frame);
            (double imageX, double imageY) = transform.ToImage(foundX, foundY);
            bool isInside = x > 10 && y > 10 && x < width - 11 && y < height - 11;
            if (isInside)
            {
                Assert.Equal(x, imageX, 0.1);
                Assert.Equal(y, imageY, 0.1);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_crop_of_a_turned_file_has_the_bytes_of_the_crop_of_the_upright_file(int orientation)
    {
        byte[] upright = TestImages.Encode(61, 37, Colour, SKEncodedImageFormat.Png);
        var stored = TestImages.Stored(61, 37, Colour, orientation);
        byte[] turned = TestExif.InPng(
            TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png),
            TestImages.PngChunk("eXIf"u8, TestExif.Create(orientation, little: true)),
            atEnd: false);
        var frame = new FrameSize(24, 32);
        // Powers of two make all sums exact, so that both ways round alike.
        FrameTransform[] crops = [new(0.5, -20, -8), new(2, 3, -6), new(1, -40, -10)];

        using OpenedPicture expected = _decoder.Open(upright);
        using OpenedPicture actual = _decoder.Open(turned);

        Assert.Equal(expected.Sample(crops, frame), actual.Sample(crops, frame));
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal((orientation != 1, orientation > 4), (actual.IsTurned, actual.SwapsAxes));
    }

    [Fact]
    public void Beyond_the_picture_a_crop_repeats_the_nearest_border()
    {
        byte[] file = TestImages.Encode(40, 40, (x, _) => x < 20 ? new SKColor(40, 40, 40) : new SKColor(220, 220, 220), SKEncodedImageFormat.Png);
        using OpenedPicture picture = _decoder.Open(file);
        var frame = new FrameSize(16, 16);
        FrameTransform[] crops =
        [
            FrameTransform.Crop(new PictureBox(-100, -100, 80, 80), 1, frame),
            FrameTransform.Crop(new PictureBox(60, 200, 30, 30), 1, frame),
            FrameTransform.Crop(new PictureBox(-40, 0, 40, 40), 1.5, frame),
        ];

        IReadOnlyList<byte[]> frames = picture.Sample(crops, frame);

        Assert.All(frames[0], grey => Assert.Equal(40, grey));
        Assert.All(frames[1], grey => Assert.Equal(220, grey));
        Assert.All(frames[2], grey => Assert.Equal(40, grey));
    }

    [Fact]
    public void The_finest_crop_decides_the_resolution()
    {
        byte[] file = TestImages.Encode(1600, 1600, TestImages.Spot(800, 800, 4), SKEncodedImageFormat.Jpeg);
        using OpenedPicture picture = _decoder.Open(file);
        var frame = new FrameSize(96, 96);
        var fine = FrameTransform.Crop(new PictureBox(752, 752, 96, 96), 1, frame);
        var coarse = FrameTransform.Fit(1600, 1600, 96, 96);

        Assert.Equal(picture.Sample([fine], frame)[0], picture.Sample([coarse, fine], frame)[1]);
    }

    [Property]
    public void A_frame_holds_its_box_and_keeps_its_centre(byte left, byte top, byte width, byte height, byte margin, byte frameWidth, byte frameHeight)
    {
        var box = new PictureBox(left - 50, top - 50, width + 1, height + 1);
        var frame = new FrameSize(frameWidth + 8, frameHeight + 8);
        double factor = 1 + (margin / 100.0);
        var transform = FrameTransform.Crop(box, factor, frame);

        (double x, double y) = transform.ToFrame(box.Left + (box.Width / 2) - 0.5, box.Top + (box.Height / 2) - 0.5);
        Assert.Equal((frame.Width - 1) / 2.0, x, 1e-6);
        Assert.Equal((frame.Height - 1) / 2.0, y, 1e-6);
        double fillX = box.Width * factor / (frame.Width * transform.Scale);
        double fillY = box.Height * factor / (frame.Height * transform.Scale);
        Assert.Equal(1, Math.Max(fillX, fillY), 1e-9);
    }

    [Theory]
    [InlineData(0, 10, 20, 40, 20)]
    [InlineData(90, 20, 10, 20, 40)]
    [InlineData(180, 10, 20, 40, 20)]
    [InlineData(45, 8.787, 8.787, 42.426, 42.426)]
    public void A_turned_box_is_framed_by_its_outer_extent(double angle, double left, double top, double width, double height)
    {
        PictureBox upright = new PictureBox(10, 20, 40, 20, angle).Upright();
        Assert.Equal([left, top, width, height], [upright.Left, upright.Top, upright.Width, upright.Height], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Property]
    public Property Points_and_boxes_of_a_stored_picture_go_to_their_upright_place() => Prop.ForAll(
        Gen.Choose(1, 8).ToArbitrary(),
        Gen.Choose(0, 36).Four().ToArbitrary(),
        (orientation, numbers) =>
        {
            var stored = TestImages.Stored(61, 37, Colour, orientation);
            byte[] file = TestExif.InPng(
                TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png),
                TestImages.PngChunk("eXIf"u8, TestExif.Create(orientation, little: true)),
                atEnd: false);
            using OpenedPicture picture = _decoder.Open(file);
            (int x, int y) = (numbers.Item1 % stored.Width, numbers.Item2 % stored.Height);

            (double uprightX, double uprightY) = picture.FromStored(x, y);
            PictureBox box = picture.FromStored(new PictureBox(x, y, numbers.Item3 + 1, numbers.Item4 + 2, 30));

            Assert.Equal(stored.Colour(x, y), Colour((int)uprightX, (int)uprightY));
            (double cornerX, double cornerY) = picture.FromStored(x + numbers.Item3, y + numbers.Item4 + 1);
            Assert.Equal(Math.Min(uprightX, cornerX), box.Left);
            Assert.Equal(Math.Min(uprightY, cornerY), box.Top);
            Assert.Equal(Math.Abs(uprightX - cornerX) + 1, box.Width);
            Assert.Equal(orientation is 2 or 4 or 5 or 7 ? -30 : 30, box.Angle);
        });

    /// <summary>Another colour at every pixel.</summary>
    private static SKColor Colour(int x, int y) => new((byte)(x * 4), (byte)(y * 6), (byte)((x ^ y) * 3));

    private static (double X, double Y) Centre(byte[] bytes, FrameSize frame)
    {
        double sum = bytes.Sum(grey => (double)grey);
        double x = bytes.Select((grey, i) => (double)grey * (i % frame.Width)).Sum() / sum;
        double y = bytes.Select((grey, i) => (double)grey * (i / frame.Width)).Sum() / sum;
        return (x, y);
    }
}
