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

/// <summary>Models that predict each instance of a picture from a frame of its own. The model predicts the brightest place of its frame.</summary>
public sealed class InstancePredictionTests
{
    private static readonly KeypointSchema Schema = new(["spot"], 16, 16);
    private static readonly Framing ByBox = new(FramingKind.Box);

    /// <summary>Two soft spots on black.</summary>
    private static readonly byte[] Picture = TestImages.Encode(
        200, 120, (x, y) => x < 120 ? TestImages.Spot(40, 60, 5)(x, y) : TestImages.Spot(160, 30, 3)(x, y), SKEncodedImageFormat.Png);

    [Fact]
    public async Task Each_place_gives_a_row_in_pixels_of_the_whole_picture_the_largest_first()
    {
        PredictedImage image = await PredictAsync(ByBox, new PictureBox(148, 18, 24, 24), new PictureBox(20, 40, 40, 40));

        Assert.Equal(2, image.Results.Count);
        AssertNear(40, 60, image.Results[0]);
        AssertNear(160, 30, image.Results[1]);
        Assert.Equal([1, 2], image.Results.Select(result => result.Face));
        Assert.Equal([new PictureBox(20, 40, 40, 40), new PictureBox(148, 18, 24, 24)], image.Results.Select(result => result.Box));
        Assert.Equal([2.5, 1.5], image.Results.Select(result => result.Scale));
        Assert.All(image.Results, result => Assert.Equal((200, 120, false), (result.Width!.Value, result.Height!.Value, result.LacksPlace)));
        Assert.Equal(["-1", "-2"], image.Results.Select(result => result.Instance![16..]));
        Assert.Equal(image.Results[0].Instance![..16], image.Results[1].Instance![..16]);
    }

    [Fact]
    public async Task Without_a_place_the_whole_picture_is_used_and_the_row_says_so()
    {
        ImageResult result = Assert.Single((await PredictAsync(Model(ByBox), null)).Results);
        Assert.True(result.LacksPlace);
        Assert.Equal((null, null, 1), (result.Box, result.Scale, result.Face));
        Assert.True(result.Succeeded);

        ImageResult unnamed = Assert.Single((await PredictAsync(Model(ByBox), [])).Results);
        Assert.True(unnamed.LacksPlace);
        Assert.Equal(result.Keypoints, unnamed.Keypoints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_of_whole_pictures_predicts_the_same_with_and_without_places(bool isStated)
    {
        Framing? framing = isStated ? Framing.Whole : null;
        ImageResult with = Assert.Single((await PredictAsync(framing, new PictureBox(148, 18, 24, 24))).Results);
        ImageResult without = Assert.Single((await PredictAsync(Model(framing), null)).Results);

        Assert.Equal(without.Keypoints, with.Keypoints);
        Assert.Equal((false, 1, null, null), (with.LacksPlace, with.Face, with.Box, with.Scale));
        Assert.Equal(without.Instance, with.Instance);
    }

    [Fact]
    public async Task A_place_that_cannot_be_used_is_a_row_with_the_reason_and_the_others_are_predicted()
    {
        PredictedImage image = await PredictAsync(
            ByBox,
            new InstancePlace(new PictureBox(1000, 18, 24, 24), "boxes.csv row 1") { Id = "far" },
            new InstancePlace(Box: null, "boxes.csv row 2") { Fault = "boxes.csv row 2, column box_x: 'x' is not a number" },
            new InstancePlace(new PictureBox(20, 40, 40, 40), "boxes.csv row 3"));

        Assert.True(image.Succeeded);
        AssertNear(40, 60, image.Results[0]);
        Assert.Equal(
            [
                "boxes.csv row 1: the box (left 1000, top 18, 24×24) lies outside the picture of 200×120 pixels.",
                "boxes.csv row 2, column box_x: 'x' is not a number.",
            ],
            image.Results.Skip(1).Select(result => result.Error));
        Assert.Equal("far", image.Results[1].Instance);
    }

    [Fact]
    public async Task A_stated_id_is_kept()
    {
        PredictedImage image = await PredictAsync(ByBox, new InstancePlace(new PictureBox(20, 40, 40, 40), "boxes.csv row 1") { Id = "anna" });
        Assert.Equal("anna", Assert.Single(image.Results).Instance);
    }

    [Fact]
    public async Task More_instances_than_a_batch_of_the_model_are_all_predicted()
    {
        PictureBox[] boxes = [.. Enumerable.Range(0, 50).Select(i => new PictureBox(20 - (i / 10.0), 40 - (i / 10.0), 40 + (i / 5.0), 40 + (i / 5.0)))];
        PredictedImage image = await PredictAsync(ByBox, boxes);
        Assert.Equal(50, image.Results.Count);
        Assert.All(image.Results, result => AssertNear(40, 60, result));
    }

    [Fact]
    public async Task Two_known_points_are_enough_and_the_box_of_the_row_gives_the_same_frame_again()
    {
        var shape = new FramingShape(["spot", "left", "right"], [0, 0, 0.5, 0, -0.5, 0]);
        var schema = new KeypointSchema(shape.Names, 16, 16);
        var byPoints = new Framing(FramingKind.Points, 1.25, shape);
        byte[] model = TinyOnnxModel.WithFraming(TinyOnnxModel.Centroid(schema), schema, byPoints);
        var known = new InstancePlace(Box: null, "labels.json annotation 1") { Points = [float.NaN, float.NaN, 54, 60, 26, 60] };

        ImageResult byPoint = Assert.Single((await PredictAsync(model, [known])).Results);
        ImageResult again = Assert.Single((await PredictAsync(model, [new InstancePlace(byPoint.Box, "boxes.csv row 1")])).Results);

        AssertNear(40, 60, byPoint);
        Assert.Equal(28 * 1.25 / 16, byPoint.Scale!.Value, 1e-4);
        Assert.Equal(byPoint.Keypoints, again.Keypoints);
        Assert.Equal(byPoint.Box, again.Box);
    }

    private static Task<PredictedImage> PredictAsync(Framing? framing, params PictureBox[] boxes) =>
        PredictAsync(Model(framing), [.. boxes.Select((box, i) => new InstancePlace(box, $"boxes.csv row {i + 1}"))]);

    private static Task<PredictedImage> PredictAsync(Framing framing, params InstancePlace[] places) => PredictAsync(Model(framing), places);

    private static byte[] Model(Framing? framing) =>
        framing is null ? TinyOnnxModel.Centroid(Schema) : TinyOnnxModel.WithFraming(TinyOnnxModel.Centroid(Schema), Schema, framing);

    private static async Task<PredictedImage> PredictAsync(byte[] file, InstancePlace[]? places)
    {
        using var model = KeypointModel.Open(file, "tiny");
        var source = new ImageSource("a.png", _ => Task.FromResult<Stream>(new MemoryStream(Picture))) { FindPlaces = places is null ? null : _ => places };
        return await new ImageSetPredictor(model, new ImageDecoder(), new StatedPlaces(FinderKind.Whole))
            .PredictAsync(new[] { source }.ToAsyncEnumerable(), 0, _ => false, TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);
    }

    private static void AssertNear(double x, double y, ImageResult actual)
    {
        Assert.Equal(x, actual.Keypoints![0]!.Value, 0.5);
        Assert.Equal(y, actual.Keypoints![1]!.Value, 0.5);
    }
}
