using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class FinderWindowTests
{
    private readonly ImageDecoder _decoder = new();

    [Property(MaxTest = 40)]
    public Property A_window_is_the_triangle_filtered_picture_on_black() => Prop.ForAll(
        Gen.Choose(1, 60).Two().ToArbitrary(),
        Gen.Choose(-300, 300).Two().ToArbitrary(),
        Gen.Choose(1, 199).ToArbitrary(),
        (sizes, place, hundredths) =>
        {
            (int width, int height) = sizes;
            // Less than 2 picture pixels a pixel: read from the pixels themselves.
            AssertWindow(width, height, Colour, place.Item1 / 10.0, place.Item2 / 10.0, hundredths / 100.0, columns: 12, rows: 9, tolerance: 1e-3);
        });

    [Theory]
    [InlineData(100, 140, 31)]
    [InlineData(33.5, 20, 10)]
    [InlineData(90, 200, 21)]
    public void A_reduced_window_averages_all_pixels_below_it(double left, double top, double scale) =>
        AssertWindow(700, 560, Smooth, left, top, scale, columns: 16, rows: 12, tolerance: 0.04);

    [Fact]
    public void A_window_beside_the_picture_is_black()
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(40, 30, (_, _) => SKColors.White, SKEncodedImageFormat.Png));
        using DecodedPicture picture = opened.Decode(1);
        foreach ((double left, double top) in ((double, double)[])[(-500, 0), (500, 0), (0, -500), (0, 500)])
        {
            float[] window = new float[8 * 8 * 3];
            picture.SampleWindow(left, top, 12.5, 8, 8, window);
            Assert.All(window, value => Assert.Equal(-1, value));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_window_of_a_turned_file_is_that_of_the_upright_file(int orientation)
    {
        var stored = TestImages.Stored(61, 37, Colour, orientation);
        byte[] turned = TestExif.InPng(
            TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Png),
            TestImages.PngChunk("eXIf"u8, TestExif.Create(orientation, little: true)),
            atEnd: false);
        using OpenedPicture opened = _decoder.Open(turned);
        using DecodedPicture picture = opened.Decode(1);
        float[] actual = new float[16 * 9 * 3];
        picture.SampleWindow(-5.5, 3, 1.9, 16, 9, actual);
        Assert.Equal(Expected(61, 37, Colour, -5.5, 3, 1.9, 16, 9), actual, (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_jpeg_decoded_at_reduced_size_gives_the_window_of_the_whole_file()
    {
        byte[] file = TestImages.Encode(1604, 1203, (x, y) => Smooth(x / 5, y / 5), SKEncodedImageFormat.Jpeg);
        using OpenedPicture opened = _decoder.Open(file);
        float[] fine = new float[64 * 48 * 3];
        float[] coarse = new float[64 * 48 * 3];
        using (DecodedPicture picture = opened.Decode(1))
            picture.SampleWindow(400.5, -100, 14, 64, 48, fine);
        using (DecodedPicture picture = opened.Decode(4.2))
        {
            Assert.Equal(4, picture.Reduction);
            picture.SampleWindow(400.5, -100, 14, 64, 48, coarse);
        }

        Assert.Equal(fine, coarse, (a, b) => Math.Abs(a - b) < 0.03);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void A_transparent_picture_lies_on_white(double scale)
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(300, 300, (_, _) => new SKColor(255, 0, 0, 51), SKEncodedImageFormat.Png));
        using DecodedPicture picture = opened.Decode(1);
        float[] window = new float[10 * 10 * 3];
        picture.SampleWindow(0, 0, scale, 10, 10, window);
        Assert.Equal([1, 0.6f, 0.6f], window[(3 * 55)..(3 * 56)], (a, b) => Math.Abs(a - b) < 0.01);
    }

    [Fact]
    public void A_window_without_a_place_is_refused()
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(8, 8, (_, _) => SKColors.White, SKEncodedImageFormat.Png));
        using DecodedPicture picture = opened.Decode(1);
        float[] window = new float[12];
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.SampleWindow(0, 0, 0, 2, 2, window));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.SampleWindow(0, 0, 2, 0, 2, window));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.SampleWindow(0, 0, 2, 2, 0, window));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.SampleWindow(double.NaN, 0, 2, 2, 2, window));
        Assert.Throws<ArgumentException>(() => picture.SampleWindow(0, 0, 2, 2, 3, window));
    }

    private void AssertWindow(
        int width, int height, Func<int, int, SKColor> colour, double left, double top, double scale, int columns, int rows, double tolerance)
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(width, height, colour, SKEncodedImageFormat.Png));
        using DecodedPicture picture = opened.Decode(1);
        float[] actual = new float[columns * rows * 3];
        picture.SampleWindow(left, top, scale, columns, rows, actual);
        Assert.Equal(Expected(width, height, colour, left, top, scale, columns, rows), actual, (a, b) => Math.Abs(a - b) < tolerance);
    }

    /// <summary>The definition, pixel by pixel.</summary>
    private static float[] Expected(int width, int height, Func<int, int, SKColor> colour, double left, double top, double scale, int columns, int rows)
    {
        double reach = Math.Max(scale, 1);
        float[] window = new float[columns * rows * 3];
        for (int i = 0; i < columns * rows; i++)
        {
            (double centreX, double centreY) = (left + (((i % columns) + 0.5) * scale), top + (((i / columns) + 0.5) * scale));
            (double sum, double red, double green, double blue) = (0, 0, 0, 0);
            for (int y = (int)Math.Floor(centreY - reach); y <= centreY + reach; y++)
            {
                for (int x = (int)Math.Floor(centreX - reach); x <= centreX + reach; x++)
                {
                    double weight = Math.Max(0, 1 - (Math.Abs(x + 0.5 - centreX) / reach)) * Math.Max(0, 1 - (Math.Abs(y + 0.5 - centreY) / reach));
                    SKColor pixel = x >= 0 && y >= 0 && x < width && y < height ? colour(x, y) : SKColors.Black;
                    (sum, red, green, blue) = (sum + weight, red + (weight * pixel.Red), green + (weight * pixel.Green), blue + (weight * pixel.Blue));
                }
            }

            (window[3 * i], window[(3 * i) + 1], window[(3 * i) + 2]) = (Value(red / sum), Value(green / sum), Value(blue / sum));
        }

        return window;
        static float Value(double mean) => (float)((mean / 127.5) - 1);
    }

    private static SKColor Colour(int x, int y) => new((byte)(x * 4), (byte)(y * 6), (byte)((x ^ y) * 3));

    private static SKColor Smooth(int x, int y) =>
        new((byte)(128 + (100 * Math.Sin(x / 25.0))), (byte)(128 + (100 * Math.Cos(y / 30.0))), (byte)((x + y) / 6));
}
