using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference.Places;

/// <summary>Images of this machine with places from a file that the command names.</summary>
public sealed class PlacedImagesTests
{
    private static readonly KeypointSchema Schema = new(["spot", "left", "right"], 16, 16);
    private static readonly Framing ByPoints = new(FramingKind.Points, 1.25, new FramingShape(Schema.Names, [0, 0, 0.5, 0, -0.5, 0]));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("image,box_x,box_y,box_width,box_height\na.png,20,40,40,40\nb.png,1,2,3,4\n", "boxes.csv: 1 rows name pictures that are not in the set, for example 'b.png'.")]
    [InlineData("image,Right_x,Right_y,Left_x,Left_y\na.png,26,60,54,60\nb.png,1,2,3,4\n", "boxes.csv: 1 pictures are not in photos, for example 'b.png'.")]
    public async Task A_table_of_boxes_and_a_label_file_say_where_the_instances_are(string text, string note)
    {
        using TemporaryFolder folder = TestFolder.Create("placed");
        (PlacedImages placed, ImageResult result) = await PredictAsync(folder, text, ByPoints);

        Assert.Equal([note], placed.Notes);
        Assert.Equal(40, result.Keypoints![0]!.Value, 0.5);
        Assert.Equal(60, result.Keypoints![1]!.Value, 0.5);
        Assert.False(result.LacksPlace);
    }

    [Fact]
    public async Task A_model_of_whole_pictures_does_not_use_the_file_and_says_so()
    {
        using TemporaryFolder folder = TestFolder.Create("placed");
        (PlacedImages placed, ImageResult result) = await PredictAsync(folder, "anything", framing: null);
        Assert.Equal(["boxes.csv is not used, because the model was not trained on boxes or points."], placed.Notes);
        Assert.Null(result.Box);
    }

    [Fact]
    public async Task A_file_that_states_no_places_is_refused()
    {
        using TemporaryFolder folder = TestFolder.Create("placed");
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => PredictAsync(folder, "image,age\na.png,7\n", ByPoints));
        Assert.Equal("boxes.csv has the columns image, age; image, box_x, box_y, box_width and box_height are expected.", refusal.Message);
    }

    private static async Task<(PlacedImages Placed, ImageResult Result)> PredictAsync(TemporaryFolder folder, string text, Framing? framing)
    {
        Directory.CreateDirectory(folder.File("photos"));
        byte[] picture = TestImages.Encode(200, 120, TestImages.Spot(40, 60, 5), SKEncodedImageFormat.Png);
        await File.WriteAllBytesAsync(folder.File("photos/a.png"), picture, Cancel);
        await File.WriteAllTextAsync(folder.File("boxes.csv"), text, Cancel);
        byte[] plain = TinyOnnxModel.Centroid(Schema);
        using var model = KeypointModel.Open(framing is null ? plain : TinyOnnxModel.WithFraming(plain, Schema, framing), "tiny");
        using ImageSet set = await ImageSet.OpenAsync(folder.File("photos"), Cancel);
        PlacedImages placed = await PlacedImages.OfAsync(set, model, folder.File("boxes.csv"), Cancel);
        PredictedImage image = await new ImageSetPredictor(model, new ImageDecoder(), new StatedPlaces(FinderKind.Whole))
            .PredictAsync(placed.Images.ToAsyncEnumerable(), 0, _ => false, Cancel)
            .SingleAsync(Cancel);
        return (placed, Assert.Single(image.Results));
    }
}
