using System.IO.Compression;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

public sealed class ImageSetPredictorTests
{
    private static readonly KeypointSchema Schema = new(["spot", "beside"], 32, 32);

    [Fact]
    public async Task Coordinates_come_back_in_pixels_of_the_upright_original()
    {
        byte[] tall = TestImages.Encode(60, 90, TestImages.Spot(20, 70, 4), SKEncodedImageFormat.Png);
        var sideways = TestImages.Stored(128, 64, TestImages.Spot(100, 30, 5), 8);
        byte[] turned = TestImages.WithOrientation(
            TestImages.Encode(sideways.Width, sideways.Height, sideways.Colour, SKEncodedImageFormat.Jpeg), 8);

        List<ImageResult> results = await PredictAsync([("tall.png", tall), ("turned.jpg", turned)]);

        Assert.Equal((60, 90), (results[0].Width, results[0].Height));
        AssertNear([20, 70, 20 + (90.0 / 32), 70], results[0]);
        Assert.Equal((128, 64), (results[1].Width, results[1].Height));
        AssertNear([100, 30, 104, 30], results[1]);
    }

    [Fact]
    public async Task Uncertainty_comes_back_in_pixels_of_the_original_and_only_where_the_model_gives_a_length()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Uncertain(Schema, [1, 2, 3, 4], [0.01f, -1]), "tiny");
        List<ImageResult> results = await CollectAsync(model, [Grey("same", 32, 32), Grey("double", 64, 64), Grey("wide", 96, 48), Source("bad", [1])]);

        Assert.Equal(1, results[0].Uncertainty![0]!.Value, 0.01);
        Assert.Equal(2, results[1].Uncertainty![0]!.Value, 0.01);
        Assert.Equal(3, results[2].Uncertainty![0]!.Value, 0.01);
        Assert.All(results[..3], result => Assert.Null(result.Uncertainty![1]));
        Assert.All(results[..3], result => Assert.Equal(2, result.Uncertainty!.Count));
        Assert.Null(results[3].Uncertainty);
        Assert.Null((await PredictAsync([("plain.png", GreyFile(32, 32))]))[0].Uncertainty);

        static ImageSource Grey(string name, int width, int height) => Source(name, GreyFile(width, height));
        static byte[] GreyFile(int width, int height) =>
            TestImages.Encode(width, height, (_, _) => new SKColor(100, 100, 100), SKEncodedImageFormat.Png);
    }

    [Fact]
    public async Task Every_image_has_one_result_in_order_whatever_becomes_of_it()
    {
        var files = new List<(string, byte[])>();
        for (int n = 0; n < 3 * KeypointModel.BatchSize; n++)
            files.Add(($"{n}.png", n % 5 == 3 ? [1, 2, 3] : TestImages.Encode(40, 40, TestImages.Spot(10 + (n / 3.0), 20, 2), SKEncodedImageFormat.Png)));

        List<ImageResult> results = await PredictAsync(files);

        Assert.Equal(files.Select(f => f.Item1), results.Select(r => r.Image));
        for (int n = 0; n < results.Count; n++)
        {
            Assert.Equal(n % 5 != 3, results[n].Succeeded);
            if (results[n].Succeeded)
                Assert.Equal(10 + (n / 3.0), results[n].Keypoints![0]!.Value, 0.3);
            else
                Assert.Equal((null, null, "The file is not an image: neither JPEG, PNG, WebP, BMP, PGM nor PPM."), (results[n].Width, results[n].Keypoints, results[n].Error));
        }
    }

    [Fact]
    public async Task Results_do_not_depend_on_what_else_is_in_the_set()
    {
        (string, byte[])[] files = [.. Enumerable.Range(0, 37).Select(n =>
            ($"{n}.jpg", TestImages.Encode(50 + n, 80 - n, TestImages.Spot(n, 30, 9), SKEncodedImageFormat.Jpeg, 80)))];
        List<ImageResult> together = await PredictAsync(files);
        for (int n = 0; n < files.Length; n += 6)
            Assert.Equal(together[n].Keypoints, (await PredictAsync([files[n]]))[0].Keypoints);
        Assert.Equal(together[20].Keypoints, (await PredictAsync(files[20..]))[0].Keypoints);
    }

    [Fact]
    public async Task Trouble_with_the_storage_stops_the_set_instead_of_failing_the_image()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        var broken = new ImageSource("b.png", _ => throw new IOException("the network is down"));
        await Assert.ThrowsAsync<IOException>(() => CollectAsync(model, [.. Enumerable.Repeat(broken, 40)]));
    }

    [Fact]
    public async Task A_source_can_reject_its_image_with_a_reason()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        var gone = new ImageSource("gone.png", _ => throw new ImageRejectedException("The image was deleted."));
        Assert.Equal("The image was deleted.", (await CollectAsync(model, [gone]))[0].Error);
    }

    [Fact]
    public async Task Cancelling_ends_the_set()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        using var stop = new CancellationTokenSource();
        byte[] png = TestImages.Encode(16, 16, (_, _) => SKColors.White, SKEncodedImageFormat.Png);
        var predictor = new ImageSetPredictor(model, new ImageDecoder(), new StatedPlaces(FinderKind.Whole));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (PredictedImage image in predictor.PredictAsync(Endless(), 0, _ => false, stop.Token))
            {
                if (image.Index == 50)
                    await stop.CancelAsync();
            }
        });

        async IAsyncEnumerable<ImageSource> Endless()
        {
            while (true)
            {
                await Task.Yield();
                yield return new ImageSource("x.png", _ => Task.FromResult<Stream>(new MemoryStream(png)));
            }
        }
    }

    [Fact]
    public async Task A_stream_longer_than_the_limit_is_refused_before_it_is_read_to_its_end()
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        string path = Path.GetTempFileName();
        await using var zeros = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        zeros.SetLength(ImageLimits.Default.MaximumBytes + 1L);
        ImageResult result = (await CollectAsync(model, [new ImageSource("zeros", _ => Task.FromResult<Stream>(zeros))]))[0];
        Assert.Equal("The file has more than 67,108,864 bytes, which is the limit.", result.Error);
    }

    [Fact]
    public async Task A_folder_and_a_zip_of_it_give_the_same_images()
    {
        using var folder = TestFolder.Create("images");
        string images = Path.Combine(folder.Path, "images");
        Directory.CreateDirectory(Path.Combine(images, "ünder", "deep er"));
        byte[] png = TestImages.Encode(40, 40, TestImages.Spot(10, 20, 3), SKEncodedImageFormat.Png);
        foreach (string name in (string[])["b.png", "a.jpg", "ünder/x.webp", "ünder/deep er/y", ".hidden", "_READY"])
            await File.WriteAllBytesAsync(Path.Combine(images, name), name == "a.jpg" ? [9, 9] : png, TestContext.Current.CancellationToken);
        string zip = Path.Combine(folder.Path, "images.zip");
        await ZipFile.CreateFromDirectoryAsync(images, zip, TestContext.Current.CancellationToken);

        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema), "tiny");
        using ImageSet fromFolder = await ImageSet.OpenAsync(images, TestContext.Current.CancellationToken);
        using ImageSet fromZip = await ImageSet.OpenAsync(zip, TestContext.Current.CancellationToken);
        List<ImageResult> expected = await CollectAsync(model, fromFolder.Images);
        List<ImageResult> actual = await CollectAsync(model, fromZip.Images);

        Assert.Equal(["a.jpg", "b.png", "ünder/deep er/y", "ünder/x.webp"], expected.Select(r => r.Image));
        Assert.Equal(expected.Select(r => (r.Image, r.Error)), actual.Select(r => (r.Image, r.Error)));
        Assert.Equal(expected[1].Keypoints, actual[1].Keypoints);
    }

    private static void AssertNear(double[] expected, ImageResult actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Keypoints![i]!.Value, 0.3);
    }

    private static async Task<List<ImageResult>> PredictAsync(IEnumerable<(string Name, byte[] File)> files)
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Centroid(Schema, 0, 0, 1, 0), "tiny");
        return await CollectAsync(model, [.. files.Select(f => Source(f.Name, f.File))]);
    }

    private static ImageSource Source(string name, byte[] file) => new(name, _ => Task.FromResult<Stream>(new MemoryStream(file)));

    private static async Task<List<ImageResult>> CollectAsync(KeypointModel model, IReadOnlyList<ImageSource> sources)
    {
        var results = new List<ImageResult>();
        var predictor = new ImageSetPredictor(model, new ImageDecoder(), new StatedPlaces(FinderKind.Whole));
        await foreach (PredictedImage image in predictor.PredictAsync(
            sources.ToAsyncEnumerable(), 0, _ => false, TestContext.Current.CancellationToken))
        {
            Assert.Equal(results.Count, image.Index);
            results.Add(Assert.Single(image.Results));
        }

        return results;
    }
}
