using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Finding;

/// <summary>The face detector on drawn pictures, whose faces are known exactly.</summary>
public sealed class FaceDetectorTests(FaceDetectorTests.Detector detector) : IClassFixture<FaceDetectorTests.Detector>
{
    /// <summary>Eyes are found within this share of their distance.</summary>
    private const double Near = 0.3;

    private static readonly ImageDecoder Decoder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_face_of_a_group_is_found_once_and_the_largest_comes_first()
    {
        using DrawnGroup group = new DrawnGroup(1200, 800).With(1, 60, 80, 300).With(2, 520, 100, 220).With(3, 850, 300, 160, angle: 20).With(4, 400, 500, 120, angle: -25);

        IReadOnlyList<FoundFace> found = Find(group.Encode());

        AssertFound(group, found);
        Assert.Equal(found.OrderByDescending(face => face.Box.Width), found);
    }

    [Fact]
    public void Points_are_those_of_the_person_whose_right_eye_is_left_on_the_picture()
    {
        using DrawnGroup group = new DrawnGroup(600, 600).With(5, 150, 150, 300);

        FacePoints points = Assert.Single(Find(group.Encode())).Points;

        Assert.True(points.RightEar.X < points.RightEye.X && points.RightEye.X < points.Nose.X);
        Assert.True(points.Nose.X < points.LeftEye.X && points.LeftEye.X < points.LeftEar.X);
        Assert.True(points.RightEye.Y < points.Nose.Y && points.Nose.Y < points.Mouth.Y);
        Assert.InRange(points.Mouth.X, points.RightEye.X, points.LeftEye.X);
    }

    [Fact]
    public void A_picture_without_faces_has_none()
    {
        using var plain = new DrawnGroup(900, 600);

        Assert.Empty(Find(plain.Encode()));
    }

    [Fact]
    public void A_face_is_found_when_it_fills_the_picture_and_when_it_is_small_in_a_large_one()
    {
        using DrawnGroup full = new DrawnGroup(400, 400).With(6, 0, 0, 400);
        using DrawnGroup small = new DrawnGroup(2400, 1800).With(6, 1900, 1300, 110);

        AssertFound(full, Find(full.Encode()));
        AssertFound(small, Find(small.Encode()));
    }

    [Fact]
    public void Almost_all_faces_of_the_demo_are_found_and_nothing_else()
    {
        using TemporaryFolder folder = TestFolder.Create("demo-faces");
        (int found, int wrong) = (0, 0);
        for (int number = 0; number < 60; number++)
        {
            using DrawnFace face = DrawnFace.Draw(2026, number, 200);
            using SKData file = face.Picture.Encode(SKEncodedImageFormat.Jpeg, 85);
            IReadOnlyList<FoundFace> faces = Find(file.ToArray());
            found += Math.Min(faces.Count, 1);
            wrong += Math.Max(faces.Count - 1, 0);
        }

        Assert.True(found >= 59, $"{found} of 60 faces are found.");
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(20, 0)]
    public void A_face_of_too_few_pixels_is_not_found_though_the_picture_is_searched_enlarged(int side, int expected)
    {
        using DrawnFace face = DrawnFace.Draw(2026, 3, 200);
        using SKBitmap reduced = face.Picture.Resize(new SKSizeI(side, side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using SKData file = reduced.Encode(SKEncodedImageFormat.Png, 100);

        Assert.Equal(expected, Find(file.ToArray()).Count);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(-15)]
    [InlineData(15)]
    [InlineData(30)]
    public void A_turned_face_is_found_with_turned_eyes(float angle)
    {
        using DrawnGroup group = new DrawnGroup(700, 700).With(7, 200, 200, 260, angle);

        FoundFace face = Assert.Single(Find(group.Encode()));

        AssertFound(group, [face]);
        double eyes = Math.Atan2(face.Points.LeftEye.Y - face.Points.RightEye.Y, face.Points.LeftEye.X - face.Points.RightEye.X) * 180 / Math.PI;
        DrawnTruth truth = group.Faces[0];
        double expected = Math.Atan2(truth.LeftEye.Y - truth.RightEye.Y, truth.LeftEye.X - truth.RightEye.X) * 180 / Math.PI;
        Assert.Equal(expected, eyes, tolerance: 10);
    }

    [Fact]
    public void A_wide_panorama_is_searched_by_its_shorter_side()
    {
        using DrawnGroup wide = new DrawnGroup(20_000, 300).With(8, 20, 40, 240).With(9, 19_740, 40, 240);

        AssertFound(wide, Find(wide.Encode(SKEncodedImageFormat.Jpeg)));
    }

    [Fact]
    public void A_picture_of_48_megapixels_is_searched()
    {
        using DrawnGroup large = new DrawnGroup(8000, 6000).With(10, 500, 700, 900).With(11, 6400, 4300, 500);

        AssertFound(large, Find(large.Encode(SKEncodedImageFormat.Jpeg)));
    }

    [Fact]
    public void The_same_picture_gives_the_same_faces_on_several_threads_at_once()
    {
        using DrawnGroup group = new DrawnGroup(900, 700).With(12, 60, 80, 250).With(13, 500, 250, 180, angle: 10);
        byte[] file = group.Encode();
        IReadOnlyList<FoundFace> first = Find(file);

        Assert.NotEmpty(first);
        Assert.All(Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ => Find(file)).ToArray(), again => Assert.Equal(first, again));
    }

    [Fact]
    public async Task Networks_that_are_missing_or_broken_are_named_with_the_next_step()
    {
        using TemporaryFolder folder = TestFolder.Create("networks");
        var missing = Assert.Throws<FaceNetworksMissingException>(() => FaceDetector.Open(folder.Path));
        await File.WriteAllTextAsync(folder.File("front-128.onnx"), "no network", Cancel);
        var broken = Assert.Throws<FaceNetworksMissingException>(() => FaceDetector.Open(folder.Path));

        Assert.All([missing, broken], e => Assert.Contains(folder.File("front-128.onnx"), e.Message, StringComparison.Ordinal));
        Assert.All([missing, broken], e => Assert.Contains("build or publish the program again", e.Message, StringComparison.Ordinal));
    }

    private IReadOnlyList<FoundFace> Find(byte[] file)
    {
        using OpenedPicture opened = Decoder.Open(file);
        using DecodedPicture decoded = opened.Decode(FaceDetector.Finest(opened.Width, opened.Height));
        return detector.Faces.Find(decoded);
    }

    private static void AssertFound(DrawnGroup group, IReadOnlyList<FoundFace> found)
    {
        Assert.All(group.Faces, truth => Assert.Contains(found, face => truth.ErrorOf(face) < Near));
        Assert.Equal(group.Faces.Count, found.Count);
    }

    /// <summary>The networks, opened once.</summary>
    public sealed class Detector : IDisposable
    {
        public FaceDetector Faces { get; } = FaceDetector.Open();

        public void Dispose() => Faces.Dispose();
    }
}
