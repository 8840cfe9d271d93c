using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo.DrawnFaces;

public sealed class DrawnFaceImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("drawn-images");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_decode_have_the_stated_upright_size_and_come_in_several_formats_and_shapes()
    {
        IReadOnlyList<DrawnFaceImage> images = await WriteAsync(new DrawnFaceImagesOptions(30, 1, WithBrokenFile: false));

        var formats = new HashSet<SKEncodedImageFormat>();
        var origins = new HashSet<SKEncodedOrigin>();
        foreach (DrawnFaceImage image in images)
        {
            using var codec = SKCodec.Create(_folder.File(image.FileName));
            using SKBitmap? decoded = SKBitmap.Decode(codec);
            Assert.NotNull(decoded);
            formats.Add(codec.EncodedFormat);
            origins.Add(codec.EncodedOrigin);
            bool onItsSide = codec.EncodedOrigin is SKEncodedOrigin.RightTop or SKEncodedOrigin.LeftBottom;
            Assert.Equal(
                (image.Width, image.Height), onItsSide ? (decoded.Height, decoded.Width) : (decoded.Width, decoded.Height));
            Assert.InRange(Math.Min(image.Width, image.Height), 80, 800);
            Assert.InRange(Math.Max(image.Width, image.Height), 80, 800);
            Assert.All(image.Keypoints, point =>
                Assert.True(point.X >= 0 && point.X < image.Width && point.Y >= 0 && point.Y < image.Height));
        }

        Assert.Equal(30, images.Select(image => image.FileName).Distinct().Count());
        Assert.Equal([SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp], formats.Order());
        Assert.Equal(
            [SKEncodedOrigin.TopLeft, SKEncodedOrigin.BottomRight, SKEncodedOrigin.RightTop, SKEncodedOrigin.LeftBottom],
            origins.Order());
        Assert.Contains(images, image => image.Width != image.Height);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_jpeg_on_its_side_shows_the_upright_picture_when_turned_as_it_says(int turn)
    {
        using var face = DrawnFace.Draw(2, 3, 120, 96);
        byte[] file = TurnedJpeg.Encode(face.Picture, TurnedJpeg.Turns[turn], quality: 95);

        using var codec = SKCodec.Create(new MemoryStream(file));
        using var stored = SKBitmap.Decode(codec);
        double difference = 0;
        for (int y = 0; y < 96; y++)
        {
            for (int x = 0; x < 120; x++)
            {
                // Where TIFF 6.0 says the upright pixel is stored: "0th row, 0th column" of each orientation.
                (int storedX, int storedY) = codec.EncodedOrigin switch
                {
                    SKEncodedOrigin.RightTop => (y, 119 - x),
                    SKEncodedOrigin.BottomRight => (119 - x, 95 - y),
                    SKEncodedOrigin.LeftBottom => (95 - y, x),
                    _ => throw new InvalidOperationException($"Unexpected {codec.EncodedOrigin}."),
                };
                difference += Math.Abs(stored.GetPixel(storedX, storedY).Green - face.Picture.GetPixel(x, y).Green);
            }
        }

        Assert.InRange(difference / (96 * 120), 0, 4);
    }

    [Fact]
    public async Task The_broken_file_does_not_decode_and_is_not_among_the_good_ones()
    {
        IReadOnlyList<DrawnFaceImage> images = await WriteAsync(new DrawnFaceImagesOptions(1, 1, WithBrokenFile: true));

        Assert.DoesNotContain(images, image => image.FileName == DrawnFaceImages.BrokenFileName);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        using SKBitmap? broken = SKBitmap.Decode(_folder.File(DrawnFaceImages.BrokenFileName));
        Assert.Null(broken);
    }

    [Fact]
    public async Task Images_show_other_faces_than_the_dataset_of_the_same_seed()
    {
        IReadOnlyList<DrawnFaceImage> images = await WriteAsync(new DrawnFaceImagesOptions(5, 1, WithBrokenFile: false));

        foreach (DrawnFaceImage image in images)
        {
            SKPoint[] inFrame = [.. image.Keypoints.Select(p => new SKPoint(p.X * 96 / image.Width, p.Y * 96 / image.Height))];
            for (int row = 0; row < 20; row++)
            {
                using var face = DrawnFace.Draw(1, row, 96);
                Assert.True(face.Keypoints.Zip(inFrame).Average(p => SKPoint.Distance(p.First, p.Second)) > 0.5);
            }
        }
    }

    [Fact]
    public async Task The_same_seed_writes_the_same_files()
    {
        await WriteAsync(new DrawnFaceImagesOptions(10, 9, WithBrokenFile: true));
        Dictionary<string, byte[]> once = Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes);
        await WriteAsync(new DrawnFaceImagesOptions(10, 9, WithBrokenFile: true));
        Assert.All(once, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    private Task<IReadOnlyList<DrawnFaceImage>> WriteAsync(DrawnFaceImagesOptions options) =>
        DrawnFaceImages.WriteAsync(_folder.Path, options, TestContext.Current.CancellationToken);
}
