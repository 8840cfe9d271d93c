using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Inference;

/// <summary>Pictures whose instances a finder finds. The finder of these tests knows where they are. The model's points are fixed in its
/// frame, and its uncertainty in frame pixels is a hundredth of the frame's mean grey value.</summary>
public sealed class FaceFindingTests
{
    private static readonly FrameGate Gate = new(Found: 1.3, Whole: 1.1);
    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "mouth"], 32, 32);
    private static readonly FaceAnchors Anchors = new(new(10, 12), new(22, 12), new(16, 24));
    private static readonly float[] Points = [22, 12, 10, 12, 16, 24];

    /// <summary>Grey 100, and grey 200 right of 300: there the model is uncertain.</summary>
    private static readonly byte[] Picture = TestImages.Encode(400, 200, (x, _) => Grey((byte)(x < 300 ? 100 : 200)), SKEncodedImageFormat.Png);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_found_face_gives_a_row_with_points_on_the_picture_the_largest_first()
    {
        PredictedImage image = await PredictAsync(Faces(Face(60, 60, 12, 0), Face(180, 100, 36, 90)));

        Assert.Equal(2, image.Results.Count);
        // The larger face is turned clockwise by 90°: its left eye lies below its right eye, its mouth left of them.
        AssertPoints(image.Results[0], (180, 118), (180, 82), (144, 100));
        AssertPoints(image.Results[1], (66, 60), (54, 60), (60, 72));
        Assert.Equal([1, 2], image.Results.Select(result => result.Face));
        Assert.All(image.Results, result => Assert.Equal((400, 200, false, false), (result.Width!.Value, result.Height!.Value, result.LacksPlace, result.IsDoubtful)));
        Assert.Equal(["-1", "-2"], image.Results.Select(result => result.Instance![16..]));
    }

    [Fact]
    public async Task The_box_of_a_found_face_is_the_frames_outline_with_its_angle()
    {
        ImageResult result = Assert.Single((await PredictAsync(Faces(Face(180, 100, 36, 90)))).Results);

        Assert.Equal((96, 96, 90), (result.Box!.Width, result.Box.Height, result.Box.Angle), new Near());
        Assert.Equal(3, result.Scale!.Value, 1e-3);
    }

    [Fact]
    public async Task A_face_above_the_gate_is_doubtful_and_keeps_its_points()
    {
        PredictedImage image = await PredictAsync(Faces(Face(60, 60, 36, 0), Face(360, 100, 12, 0)));

        Assert.Equal([false, true], image.Results.Select(result => result.IsDoubtful));
        Assert.All(image.Results, result => Assert.NotNull(result.Keypoints));
        Assert.True(image.Succeeded);
    }

    [Fact]
    public async Task Without_a_face_a_picture_within_the_gate_is_predicted_whole()
    {
        byte[] grey = TestImages.Encode(64, 64, (_, _) => Grey(100), SKEncodedImageFormat.Png);
        ImageResult result = Assert.Single((await PredictAsync(Faces(), picture: grey)).Results);

        Assert.Equal((true, true, false, false), (result.Succeeded, result.LacksPlace, result.IsDoubtful, result.IsWithoutFace));
        Assert.Equal((null, null), (result.Box, result.Scale));
        AssertPoints(result, (44.5, 24.5), (20.5, 24.5), (32.5, 48.5));
    }

    [Fact]
    public async Task Without_a_face_a_picture_above_the_gate_has_no_points_and_says_why()
    {
        byte[] bright = TestImages.Encode(64, 64, (_, _) => Grey(200), SKEncodedImageFormat.Png);
        PredictedImage image = await PredictAsync(Faces(), picture: bright);
        ImageResult result = Assert.Single(image.Results);

        Assert.False(image.Succeeded);
        Assert.Equal(("no face found", true, false), (result.Error, result.IsWithoutFace, result.IsDoubtful));
        Assert.Equal((64, 64), (result.Width, result.Height));
        Assert.Null(result.Keypoints);
    }

    [Fact]
    public async Task The_gate_is_stricter_for_a_whole_picture_than_for_a_found_face()
    {
        byte[] between = TestImages.Encode(64, 64, (_, _) => Grey(120), SKEncodedImageFormat.Png);
        ImageResult whole = Assert.Single((await PredictAsync(Faces(), picture: between)).Results);
        ImageResult face = Assert.Single((await PredictAsync(Faces(Face(30, 30, 12, 0)), picture: between)).Results);

        Assert.Equal((true, false), (whole.IsWithoutFace, face.IsDoubtful));
    }

    [Fact]
    public async Task A_model_without_a_gate_predicts_the_whole_picture_and_marks_it()
    {
        byte[] bright = TestImages.Encode(64, 64, (_, _) => Grey(200), SKEncodedImageFormat.Png);
        ImageResult whole = Assert.Single((await PredictAsync(Faces(), Model(gate: null), picture: bright)).Results);
        ImageResult face = Assert.Single((await PredictAsync(Faces(Face(30, 30, 12, 0)), Model(gate: null), picture: bright)).Results);

        Assert.Equal((true, true, false), (whole.Succeeded, whole.LacksPlace, whole.IsWithoutFace));
        Assert.Equal((true, false, false), (face.Succeeded, face.LacksPlace, face.IsDoubtful));
    }

    [Theory]
    [InlineData(FinderKind.Whole, false)]
    [InlineData(FinderKind.Boxes, true)]
    public async Task Whole_pictures_and_missing_boxes_never_meet_the_gate(FinderKind kind, bool lacksPlace)
    {
        byte[] bright = TestImages.Encode(64, 64, (_, _) => Grey(200), SKEncodedImageFormat.Png);
        ImageResult result = Assert.Single((await PredictAsync(new StatedPlaces(kind), picture: bright)).Results);

        Assert.Equal((true, lacksPlace, false), (result.Succeeded, result.LacksPlace, result.IsDoubtful));
    }

    [Fact]
    public async Task Stated_boxes_count_before_the_finder()
    {
        byte[] byBox = TinyOnnxModel.WithFraming(Model(Gate), Schema, new Framing(FramingKind.Box));
        var box = new PictureBox(320, 60, 64, 64);

        ImageResult stated = Assert.Single((await PredictAsync(Faces(Face(60, 60, 12, 0)), byBox, box)).Results);
        ImageResult found = Assert.Single((await PredictAsync(Faces(Face(60, 60, 12, 0)), byBox)).Results);

        Assert.Equal((box, false), (stated.Box, stated.IsDoubtful));
        AssertPoints(found, (66, 60), (54, 60), (60, 72));
    }

    [Fact]
    public async Task A_face_that_is_finer_than_the_detectors_pixels_is_sampled_from_finer_ones()
    {
        // Stripes of four pixels vanish in pixels of eight. The frame shows them if it is sampled from the full picture.
        byte[] striped = TestImages.Encode(4096, 4096, (x, _) => Grey((byte)(x / 4 % 2 == 0 ? 0 : 200)), SKEncodedImageFormat.Jpeg);
        FinderFake coarse = Faces(Face(2000, 2000, 6, 0));
        coarse.Coarsest = 8;
        using var model = KeypointModel.Open(Model(Gate), "tiny");

        FramedImage image = new ImageFramer(model, new ImageDecoder(), coarse).Frame(Source(striped), 0, striped, wantsPicture: false);

        byte[] frame = Assert.Single(image.Instances).Frame!;
        Assert.True(frame.Max() - frame.Min() > 120, $"The frame spans {frame.Min()} to {frame.Max()}.");
    }

    [Fact]
    public void The_picture_to_draw_on_comes_with_the_frames()
    {
        using var model = KeypointModel.Open(Model(Gate), "tiny");
        FramedImage image = new ImageFramer(model, new ImageDecoder(), Faces(Face(60, 60, 12, 0))).Frame(Source(Picture), 0, Picture, wantsPicture: true);
        using Picture shown = image.Picture!;
        Assert.Equal((400, 200), (shown.Width, shown.Height));
    }

    private static SKColor Grey(byte value) => new(value, value, value);

    /// <summary>A face by the middle of its eyes, their distance, and its rotation in degrees. It has the proportions of the anchors.</summary>
    private static FacePoints Face(double x, double y, double eyes, double angle)
    {
        (double sin, double cos) = Math.SinCos(angle * Math.PI / 180);
        return new FacePoints(At(-0.5, 0), At(0.5, 0), At(0, 0.5), At(0, 1), At(-1, 0), At(1, 0));

        FacePoint At(double right, double down) => new(x + (eyes * ((cos * right) - (sin * down))), y + (eyes * ((sin * right) + (cos * down))));
    }

    private static FinderFake Faces(params FacePoints[] faces) => new(faces);

    private static byte[] Model(FrameGate? gate) => TinyOnnxModel.WithFace(TinyOnnxModel.Uncertain(Schema, Points, [0.01f, 0.01f, 0.01f]), Schema, gate, Anchors);

    private static ImageSource Source(byte[] picture) => new("a.png", _ => Task.FromResult<Stream>(new MemoryStream(picture)));

    private static async Task<PredictedImage> PredictAsync(IInstanceFinder finder, byte[]? file = null, PictureBox? box = null, byte[]? picture = null)
    {
        using var model = KeypointModel.Open(file ?? Model(Gate), "tiny");
        ImageSource source = Source(picture ?? Picture) with { FindPlaces = box is null ? null : _ => [new InstancePlace(box, "boxes.csv row 1")] };
        return await new ImageSetPredictor(model, new ImageDecoder(), finder).PredictAsync(new[] { source }.ToAsyncEnumerable(), 0, _ => false, Cancel).SingleAsync(Cancel);
    }

    private static void AssertPoints(ImageResult result, params (double X, double Y)[] expected)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k].X, result.Keypoints![2 * k]!.Value, 0.05);
            Assert.Equal(expected[k].Y, result.Keypoints[(2 * k) + 1]!.Value, 0.05);
        }
    }

    private sealed class Near : IEqualityComparer<(double Width, double Height, double Angle)>
    {
        public bool Equals((double Width, double Height, double Angle) x, (double Width, double Height, double Angle) y) =>
            Math.Abs(x.Width - y.Width) < 0.01 && Math.Abs(x.Height - y.Height) < 0.01 && Math.Abs(x.Angle - y.Angle) < 0.01;

        public int GetHashCode((double Width, double Height, double Angle) obj) => 0;
    }

    /// <summary>Frames known faces as the face finder does.</summary>
    private sealed class FinderFake(FacePoints[] faces) : IInstanceFinder
    {
        private readonly FaceFinder _inner = new(
            _ => [.. faces.Select(face => new FoundFace(1, new PictureBox(0, 0, 1, 1), face))], Anchors, new FrameSize(Schema.FrameWidth, Schema.FrameHeight));

        public double Coarsest { get; set; } = 1;

        public FinderKind Kind => FinderKind.Faces;

        public double? Finest(int width, int height) => Math.Max(Coarsest, _inner.Finest(width, height)!.Value);

        public IReadOnlyList<InstancePlace> Find(DecodedPicture picture) => _inner.Find(picture);
    }
}
