using KeypointPipeline.Local.Demo;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Demo.DrawnScenes;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Demo;

public sealed class DemoScoreTests
{
    private const string Photo = "photo.jpg";

    [Fact]
    public void Each_found_face_counts_once_and_its_error_is_in_percent_of_its_own_eyes()
    {
        IReadOnlyList<SKPoint> small = Face(1, offset: 0), large = Face(4, offset: 500);
        var truth = new DrawnScenePhoto(Photo, 1000, 1000, [small, large]);

        // The small face is 0.2 off in x, the large one 3.2 in y; their eyes are 2 and 8 apart.
        DemoScore score = DemoScore.Of([Predicted(large, 0, 3.2f), Predicted(small, 0.2f, 0)], [truth]);

        Assert.Equal((2, 2, 0), (score.Faces, score.Found, score.Wrong));
        Assert.Equal((10 + 40) / 2.0, score.MeanError!.Value, 3);
    }

    [Fact]
    public void A_face_far_from_every_drawn_one_is_a_wrong_find_and_the_drawn_one_is_missed()
    {
        var truth = new DrawnScenePhoto(Photo, 1000, 1000, [Face(1, offset: 0)]);

        DemoScore score = DemoScore.Of([Predicted(Face(1, offset: 300), 0, 0)], [truth]);

        Assert.Equal(new DemoScore(Faces: 1, Found: 0, Wrong: 1, MeanError: null), score);
    }

    [Fact]
    public void A_photo_without_people_that_has_no_prediction_is_right()
    {
        var truth = new DrawnScenePhoto(Photo, 1000, 1000, []);
        var failed = new PredictedKeypoints(Photo, "no face found", null, null, null, "no face found");

        Assert.Equal(new DemoScore(Faces: 0, Found: 0, Wrong: 0, MeanError: null), DemoScore.Of([failed], [truth]));
    }

    /// <summary>A face whose keypoints differ and whose eyes, the first two, are two times the scale apart.</summary>
    private static SKPoint[] Face(float scale, float offset) =>
        [.. DrawnFace.KeypointNames.Select((_, k) => new SKPoint(offset + (scale * 2 * (k % 2)), offset + (scale * (k / 2))))];

    private static PredictedKeypoints Predicted(IReadOnlyList<SKPoint> face, float x, float y) => new(
        Photo,
        "ok",
        1000,
        1000,
        face.Select((point, k) => (point, k)).ToDictionary(pair => DrawnFace.KeypointNames[pair.k], pair => (double[]?)[pair.point.X + x, pair.point.Y + y]),
        Error: null);
}
