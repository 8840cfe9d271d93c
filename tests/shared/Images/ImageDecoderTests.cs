using KeypointPipeline.Images;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class ImageDecoderTests
{
    private readonly ImageDecoder _decoder = new();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Bmp)]
    public void Every_format_is_known_by_its_content(SKEncodedImageFormat format)
    {
        byte[] file = TestImages.Encode(33, 21, (_, _) => new SKColor(90, 90, 90), format);
        DecodedImage image = _decoder.Decode(file, 24, 16);
        Assert.Equal((33, 21), (image.Width, image.Height));
        Assert.Equal(24 * 16, image.Frame.Length);
        Assert.All(image.Frame, grey => Assert.InRange(grey, 89, 91));
    }

    [Theory]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 150)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(200, 100, 50, 124)]
    public void Colours_become_grey_by_BT601(byte red, byte green, byte blue, byte grey)
    {
        byte[] png = TestImages.Encode(16, 16, (_, _) => new SKColor(red, green, blue), SKEncodedImageFormat.Png);
        Assert.All(_decoder.Decode(png, 16, 16).Frame, actual => Assert.Equal(grey, actual));
    }

    [Theory]
    [InlineData(0, 255)]
    [InlineData(128, 127)]
    [InlineData(255, 0)]
    public void Transparency_shows_white_behind(byte alpha, byte grey)
    {
        byte[] png = TestImages.Encode(16, 16, (_, _) => new SKColor(0, 0, 0, alpha), SKEncodedImageFormat.Png);
        Assert.All(_decoder.Decode(png, 16, 16).Frame, actual => Assert.Equal(grey, actual));
    }

    [Fact]
    public void Pngs_of_every_kind_of_pixel_are_read()
    {
        AssertGrey(100, TestImages.Png(16, 16, 8, 0, [.. Enumerable.Repeat((byte)100, 16)]));
        AssertGrey(255, TestImages.Png(16, 16, 1, 0, [0xFF, 0xFF]));
        AssertGrey(100, TestImages.Png(16, 16, 16, 0, [.. Enumerable.Repeat((byte)100, 32)]));
        AssertGrey(100, TestImages.Png(16, 16, 16, 2, [.. Enumerable.Repeat((byte)100, 96)]));
        AssertGrey(76, TestImages.Png(16, 16, 8, 3, [.. Enumerable.Repeat((byte)1, 16)], [0, 0, 0, 255, 0, 0]));
    }

    [Fact]
    public void A_jpeg_in_printing_inks_is_read() => AssertGrey(124, TestImages.CmykJpeg, tolerance: 3);

    [Fact]
    public void An_animation_is_refused()
    {
        var e = Assert.Throws<ImageRejectedException>(() => _decoder.Decode(TestImages.AnimatedWebP, 16, 16));
        Assert.Contains("animation of 2 frames", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello, I am a text file", "not an image")]
    [InlineData("PK\u0003\u0004 and so on", "zip archive")]
    [InlineData("%PDF-1.7 and so on", "PDF")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0", "AVIF")]
    [InlineData("II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("<svg xmlns='x'/>", "SVG")]
    [InlineData("GIF89a\u0001\0\u0001\0\u0080\0\0\0\0\0\u00ff\u00ff\u00ff,\0\0\0\0\u0001\0\u0001\0\0\u0002\u0002D\u0001\0;", "GIF")]
    public void A_foreign_file_is_refused_with_what_it_is(string content, string expected)
    {
        byte[] file = System.Text.Encoding.Latin1.GetBytes(content);
        var e = Assert.Throws<ImageRejectedException>(() => _decoder.Decode(file, 16, 16));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Bmp)]
    public void A_file_cut_off_anywhere_is_refused(SKEncodedImageFormat format)
    {
        var random = new Random(7);
        byte[] file = TestImages.Encode(120, 90, (_, _) => new SKColor((uint)random.Next() | 0xFF000000), format, quality: 90);
        for (int length = 0; length < file.Length - 97; length += 97)
        {
            byte[] cut = file[..length];
            var e = Record.Exception(() => _decoder.Decode(cut, 16, 16));
            Assert.True(e is ImageRejectedException, $"{length} of {file.Length} bytes: {e?.ToString() ?? "accepted"}");
        }
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Bmp)]
    public void A_damaged_file_is_read_or_refused_but_nothing_worse(SKEncodedImageFormat format)
    {
        byte[] file = TestImages.Encode(60, 50, TestImages.Spot(30, 20, 8), format, quality: 90);
        var random = new Random(11);
        for (int n = 0; n < 300; n++)
        {
            byte[] damaged = [.. file];
            for (int k = 0; k < 4; k++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var e = Record.Exception(() => _decoder.Decode(damaged, 16, 16));
            Assert.True(e is null or ImageRejectedException, e?.ToString());
        }
    }

    [Fact]
    public void A_pixel_bomb_is_refused_by_its_header()
    {
        byte[] bomb = TestImages.Png(20_000, 6_000, 1, 0, new byte[2_500]);
        Assert.True(bomb.Length < 200_000, $"{bomb.Length} bytes");
        var e = Assert.Throws<ImageRejectedException>(() => _decoder.Decode(bomb, 16, 16));
        Assert.Contains("20000×6000", e.Message, StringComparison.Ordinal);
        Assert.Throws<ImageRejectedException>(() => _decoder.DecodePicture(bomb, 1, 100));
    }

    [Fact]
    public void Limits_are_the_last_size_that_is_read()
    {
        byte[] png = TestImages.Encode(40, 30, (_, _) => SKColors.Red, SKEncodedImageFormat.Png);
        Assert.Equal(40, new ImageDecoder(new ImageLimits(png.Length, 1200)).Decode(png, 16, 16).Width);
        Assert.Throws<ImageRejectedException>(() => new ImageDecoder(new ImageLimits(png.Length - 1, 1200)).Decode(png, 16, 16));
        Assert.Throws<ImageRejectedException>(() => new ImageDecoder(new ImageLimits(png.Length, 1199)).Decode(png, 16, 16));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(3000, 2)]
    public void The_thinnest_images_are_read(int width, int height)
    {
        foreach (SKEncodedImageFormat format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg])
        {
            byte[] file = TestImages.Encode(width, height, (_, _) => new SKColor(77, 77, 77), format);
            Assert.All(_decoder.Decode(file, 20, 30).Frame, grey => Assert.InRange(grey, 76, 78));
            using Picture picture = _decoder.DecodePicture(file, 50, 100);
            Assert.InRange(Math.Max(picture.Width, picture.Height), 50, 100);
        }
    }

    [Fact]
    public void A_picture_for_people_is_upright_and_small()
    {
        var stored = TestImages.Stored(300, 200, (x, y) => x < 150 && y < 100 ? SKColors.Red : SKColors.Blue, 6);
        byte[] jpeg = TestImages.WithOrientation(TestImages.Encode(stored.Width, stored.Height, stored.Colour, SKEncodedImageFormat.Jpeg), 6);
        using Picture picture = _decoder.DecodePicture(jpeg, 1, 150);
        Assert.Equal((150, 100), (picture.Width, picture.Height));
        using SKBitmap shown = SKBitmap.Decode(picture.ToJpeg(95));
        Assert.True(shown.GetPixel(20, 20).Red > 200 && shown.GetPixel(20, 20).Blue < 60);
        Assert.True(shown.GetPixel(130, 20).Blue > 200 && shown.GetPixel(20, 80).Blue > 200);
    }

    private void AssertGrey(byte expected, byte[] file, int tolerance = 0) =>
        Assert.All(_decoder.Decode(file, 16, 16).Frame, grey => Assert.InRange(grey, expected - tolerance, Math.Min(255, expected + tolerance)));
}
