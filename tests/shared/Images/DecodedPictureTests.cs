using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Images;

public sealed class DecodedPictureTests
{
    private static readonly FrameSize Frame = new(96, 96);
    private readonly ImageDecoder _decoder = new();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 0.5, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1.9, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 2, 2)]
    [InlineData(SKEncodedImageFormat.Jpeg, 7, 4)]
    [InlineData(SKEncodedImageFormat.Jpeg, 100, 8)]
    [InlineData(SKEncodedImageFormat.Png, 7, 1)]
    public void A_jpeg_is_decoded_as_coarsely_as_its_user_allows(SKEncodedImageFormat format, double finest, double reduction)
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(800, 640, TestImages.Spot(300, 300, 50), format));
        using DecodedPicture picture = opened.Decode(finest);
        Assert.Equal(reduction, picture.Reduction);
        Assert.Equal((800, 640), (picture.Width, picture.Height));
    }

    [Fact]
    public void Frames_do_not_depend_on_whether_somebody_wants_a_picture()
    {
        using OpenedPicture opened = _decoder.Open(TestImages.Encode(1604, 1203, TestImages.Spot(700, 500, 90), SKEncodedImageFormat.Jpeg, quality: 90));
        var whole = FrameTransform.Fit(1604, 1203, 96, 96);
        byte[] alone = opened.Sample([whole], Frame)[0];

        using DecodedPicture decoded = opened.Decode([whole]);
        using Picture picture = decoded.ToPicture(400, 800);

        Assert.Equal(8, decoded.Reduction);
        Assert.Equal(alone, decoded.Sample([whole], Frame)[0]);
        // The picture is as sharp as one that is decoded alone.
        using Picture expected = opened.ToPicture(400, 800);
        Assert.Equal(800, picture.Width);
        Assert.Equal(expected.ToJpeg(95), picture.ToJpeg(95));
    }

    [Fact]
    public void A_wide_picture_is_sampled_at_both_ends()
    {
        const int Width = 20_000;
        byte[] file = Drawn(Width, 300, SKEncodedImageFormat.Jpeg, (100.5f, 140.5f), (Width - 120.5f, 160.5f));
        using OpenedPicture opened = _decoder.Open(file);
        using DecodedPicture picture = opened.Decode(1);
        AssertDisc(picture, 100, 140);
        AssertDisc(picture, Width - 121, 160);
    }

    [Fact]
    public void Pixels_of_large_pictures_are_in_memory_one_at_a_time()
    {
        byte[] file = Drawn(8_000, 6_000, SKEncodedImageFormat.Jpeg, (700.5f, 800.5f), (7_400.5f, 5_500.5f));
        using OpenedPicture opened = _decoder.Open(file);
        double reduction = 0;
        var other = new Thread(() =>
        {
            using OpenedPicture second = _decoder.Open(file);
            using DecodedPicture pixels = second.Decode(8);
            reduction = pixels.Reduction;
        });
        using (DecodedPicture picture = opened.Decode(6_000 / 2_048.0))
        {
            Assert.Equal(2, picture.Reduction);
            AssertDisc(picture, 700, 800);
            AssertDisc(picture, 7_400, 5_500);
            other.Start();
            Assert.False(other.Join(TimeSpan.FromMilliseconds(300)));
            // The thread that holds a picture can decode it again, finer.
            using DecodedPicture finer = opened.Decode(1);
            Assert.Equal(1, finer.Reduction);
        }

        other.Join();
        Assert.Equal(8, reduction);
    }

    /// <summary>Asserts that a turned frame of 200 pixels around a disc of 60 pixels shows it in its centre.</summary>
    private static void AssertDisc(DecodedPicture picture, double x, double y)
    {
        FrameTransform around = FrameTransform.Through([(47.5, 47.5), (95.5, 47.5)], [(x, y), (x + 80, y + 60)])!.Value;
        byte[] frame = picture.Sample([around], Frame)[0];
        double sum = frame.Sum(grey => grey < 20 ? 0.0 : grey);
        Assert.Equal(47.5, frame.Select((grey, i) => grey < 20 ? 0.0 : grey * (i % 96)).Sum() / sum, 0.1);
        Assert.Equal(47.5, frame.Select((grey, i) => grey < 20 ? 0.0 : grey * (i / 96)).Sum() / sum, 0.1);
        Assert.Equal(255 * Math.PI * 30 * 30 / (around.Scale * around.Scale), sum, sum / 50);
    }

    private static byte[] Drawn(int width, int height, SKEncodedImageFormat format, params (float X, float Y)[] discs)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = SKColors.White, IsAntialias = true })
        {
            canvas.Clear(SKColors.Black);
            foreach ((float x, float y) in discs)
                canvas.DrawCircle(x, y, 30, paint);
        }

        using SKData data = bitmap.Encode(format, 95);
        return data.ToArray();
    }
}
