using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Evaluation.Photos;

/// <summary>Labelled pictures on disk, searched by a finder that knows some of the faces, and a model that predicts the same points in every
/// frame: where the anchors are.</summary>
public sealed class PhotoEvaluatorTests : IDisposable
{
    private static readonly KeypointSchema Schema = new(["left_eye_center", "right_eye_center", "mouth_center_top_lip"], 32, 32);
    private readonly TemporaryFolder _folder = TestFolder.Create("photos");

    [Fact]
    public async Task Found_missed_and_wrong_faces_of_a_folder_are_counted_with_their_errors()
    {
        // Two labelled faces with eyes 16 pixels apart. The finder knows the first one, and a place where nothing is.
        await WriteAsync("a.png", "image,left_eye_center_x,left_eye_center_y,right_eye_center_x,right_eye_center_y,mouth_center_top_lip_x,mouth_center_top_lip_y\r\n"
            + "a.png,58,50,42,50,50,66\r\n"
            + "a.png,138,50,122,50,130,66\r\n");
        using KeypointModel model = Model();
        var instances = new List<FoundInstance>();

        PhotoEvaluation result = (await EvaluatorOf(model, (50, 50), (160, 150)).EvaluateAsync(_folder.Path, instances.Add, TestContext.Current.CancellationToken))!;

        Assert.Equal((1, 2, 1, 1), (result.Pictures, result.Labelled, result.Found, result.Wrong));
        Assert.Equal(0, result.Errors.Nme!.Value, 1e-4);
        Assert.Equal(0, result.OwnCropErrors.Nme!.Value, 1e-4);
        Assert.Equal(["found", "missed", "wrong"], instances.Select(instance => instance.Find));
        Assert.All(instances, instance => Assert.Equal("a.png", instance.Picture));
    }

    [Fact]
    public async Task Labels_that_hold_their_pixels_have_no_whole_pictures()
    {
        string pixels = string.Join(' ', Enumerable.Repeat("9", 32 * 32));
        await File.WriteAllTextAsync(
            _folder.File("pixels.csv"),
            $"left_eye_center_x,left_eye_center_y,right_eye_center_x,right_eye_center_y,mouth_center_top_lip_x,mouth_center_top_lip_y,Image\n20,10,4,10,12,26,{pixels}\n",
            TestContext.Current.CancellationToken);
        using KeypointModel model = Model();

        Assert.Null(await EvaluatorOf(model).EvaluateAsync(_folder.File("pixels.csv"), null, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A model of given frames without anchors: its own crops are the usual ones.</summary>
    private static KeypointModel Model() => KeypointModel.Open(TinyOnnxModel.Constant(Schema, PointsOfUsualFrame()), "tiny");

    /// <summary>Where the usual frame of a face of these proportions has eyes and mouth.</summary>
    private static float[] PointsOfUsualFrame()
    {
        FrameTransform place = Place(50, 50);
        (double X, double Y)[] points = [place.ToFrame(58, 50), place.ToFrame(42, 50), place.ToFrame(50, 66)];
        return [.. points.SelectMany(point => (float[])[(float)point.X, (float)point.Y])];
    }

    private static FrameTransform Place(double x, double y)
    {
        var mouth = new FacePoint(x, y + 16);
        var (right, left) = (new FacePoint(x - 8, y), new FacePoint(x + 8, y));
        return FaceFrame.Place(new FacePoints(right, left, mouth, mouth, right, left), anchors: null, new FrameSize(32, 32))!.Value;
    }

    private static PhotoEvaluator EvaluatorOf(KeypointModel model, params (double X, double Y)[] faces)
    {
        var decoder = new ImageDecoder();
        return new PhotoEvaluator(model, new ImageSetPredictor(model, decoder, new KnownFaces(faces)), decoder);
    }

    private async Task WriteAsync(string picture, string labels)
    {
        await File.WriteAllBytesAsync(
            _folder.File(picture), TestImages.Encode(200, 180, (x, y) => new SKColor((byte)x, (byte)y, 90), SKEncodedImageFormat.Png), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("labels.csv"), labels, TestContext.Current.CancellationToken);
    }

    private sealed class KnownFaces((double X, double Y)[] faces) : IInstanceFinder
    {
        public FinderKind Kind => FinderKind.Faces;

        public double? Finest(int width, int height) => 1;

        public IReadOnlyList<InstancePlace> Find(DecodedPicture picture) =>
            [.. faces.Select(face => new InstancePlace(Box: null, "test") { Frame = Place(face.X, face.Y) })];
    }
}
