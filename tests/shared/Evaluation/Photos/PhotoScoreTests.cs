using System.Globalization;
using KeypointPipeline.Datasets.Converting;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation.Photos;

public sealed class PhotoScoreTests
{
    private static readonly KeypointSchema Schema = new(["left_eye_center", "right_eye_center", "mouth"], 96, 96);

    /// <summary>A face with eyes 20 pixels apart.</summary>
    private static readonly float[] Face = [20, 0, 0, 0, 10, 20];

    [Fact]
    public void Recall_wrong_finds_and_errors_are_what_a_hand_counts()
    {
        var instances = new List<FoundInstance>();
        var score = new PhotoScore(Schema, hasUncertainty: false, offsets: null, instances.Add);

        // Found with each point 2 pixels off, found in doubt without error, missed; one wrong find and one wrong find in doubt.
        score.Add(
            Photo("a.jpg", Truth(1, 100, 100), Truth(2, 300, 100), Truth(3, 500, 100)),
            Predicted("a.jpg", Find(1, 102, 100), Find(2, 300, 100) with { IsDoubtful = true }, Find(3, 700, 400), Find(4, 900, 400) with { IsDoubtful = true }));
        score.Add(Photo("sea.jpg"), Predicted("sea.jpg", new ImageResult("sea.jpg", 1000, 800, null, "no face found") { IsWithoutFace = true }));
        score.Add(Photo("wall.jpg"), Predicted("wall.jpg", Find(1, 400, 400) with { LacksPlace = true }));
        PhotoEvaluation result = score.Result();

        Assert.Equal((3, 3, 2), (result.Pictures, result.Labelled, result.Found));
        Assert.Equal((3, 1, 2), (result.Wrong, result.FoundInDoubt, result.WrongInDoubt));
        Assert.Equal((1, 0), (result.WithoutFace, result.NotJudged));
        Assert.Equal(2.0 / 3, result.Recall!.Value, 1e-9);
        Assert.Equal((2.0 / 20 / 2, 2), (Math.Round(result.Errors.Nme!.Value, 6), result.Errors.NmeImages));
        Assert.Equal(1, result.Errors.PictureMeanError!.Value, 1e-5);
        Assert.Equal(
            [
                "a.jpg 1 found ok 2.000 0.1000", "a.jpg 2 found doubtful 0.000 0.0000", "a.jpg 3 missed  - -",
                "a.jpg - wrong ok - -", "a.jpg - wrong doubtful - -", "wall.jpg - wrong whole - -",
            ],
            instances.Select(one => $"{one.Picture} {(object?)one.Row ?? "-"} {one.Find} {one.Status} {one.PictureError?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-"} {one.Nme?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-"}"));
    }

    [Fact]
    public void A_find_on_a_face_that_cannot_be_judged_counts_neither_way()
    {
        var score = new PhotoScore(Schema, hasUncertainty: false, offsets: null, instances: null);
        TrueInstance boxOnly = new(1, [.. Enumerable.Repeat(float.NaN, 6)], new PictureBox(90, 90, 40, 40), IsJudged: false);
        TrueInstance oneEye = new(2, [320, 100, float.NaN, float.NaN, float.NaN, float.NaN], Box: null, IsJudged: false);

        IReadOnlyList<TrueInstance> found = score.Add(Photo("a.jpg", boxOnly, oneEye), Predicted("a.jpg", Find(1, 100, 100), Find(2, 300, 100), Find(3, 600, 100)));
        PhotoEvaluation result = score.Result();

        Assert.Empty(found);
        Assert.Equal((0, 0, 1, 2, null), (result.Labelled, result.Found, result.Wrong, result.NotJudged, result.Recall));
    }

    [Fact]
    public void Predictions_that_nobody_changed_are_no_truth()
    {
        float[] points = [.. Face.Select(value => value + 100)];
        var labels = new KeypointPipeline.Formats.Pictures.LabelledInstance(4, points) { Origin = "v1", Checksum = PredictionChecksum.Of(points) };

        Assert.False(TrueInstance.Of(labels, [0, 1, 2]).IsJudged);
        Assert.True(TrueInstance.Of(labels with { Origin = null }, [0, 1, 2]).IsJudged);
        Assert.Equal([120, 100, 110, 120, float.NaN, float.NaN], TrueInstance.Of(labels, [0, 2, -1]).Points);
    }

    [Fact]
    public void The_crop_by_the_labels_is_compared_in_pixels_of_its_frame()
    {
        var score = new PhotoScore(Schema, hasUncertainty: false, offsets: null, instances: null);
        var place = new FrameTransform(4, -10, -20);

        // The eyes lie at 115, 95 and 120, 95 of the frame, the mouth at 117.5, 100: predicted one frame pixel too far right.
        (double x, double y) = place.ToFrame(100, 100);
        float[] frame = [(float)x + 5 + 1, (float)y, (float)x + 1, (float)y, (float)x + 2.5f + 1, (float)y + 5];
        score.AddOwnCrop(Truth(1, 100, 100), place, frame, []);
        PhotoEvaluation result = score.Result();

        Assert.Equal(1.0 / 5, result.OwnCropErrors.Nme!.Value, 1e-5);
        Assert.Equal(1, result.OwnCropErrors.MeanPixelError!.Value, 1e-5);
        Assert.Equal(4, result.OwnCropErrors.PictureMeanError!.Value, 1e-4);
    }

    private static LabelledPhoto Photo(string name, params TrueInstance[] instances) =>
        new(new ConvertiblePicture(new SourcePicture(name, null, _ => Task.FromResult(Stream.Null)), 1000, 800, []), instances);

    private static TrueInstance Truth(long row, float x, float y) => new(row, At(x, y), Box: null, IsJudged: true);

    private static PredictedImage Predicted(string name, params ImageResult[] results) => new(0, [.. results.Select(result => result with { Image = name })], null);

    private static ImageResult Find(int face, float x, float y) => new("", 1000, 800, [.. At(x, y).Select(value => (double?)value)], null)
    {
        Face = face,
        Instance = $"0123456789abcdef-{face}",
        Box = new PictureBox(x, y, 50, 50),
        Scale = 50.0 / 96,
    };

    private static float[] At(float x, float y) => [.. Face.Select((value, i) => value + (i % 2 == 0 ? x : y))];
}
