using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnScenes;

/// <summary>A drawn photo of several people with the exact positions of their keypoints. Faces are of several sizes, and many are
/// turned. The same seed draws the same bytes.</summary>
public sealed class DrawnScene : IDisposable
{
    /// <summary>The smallest side of a picture, pixels.</summary>
    public const int SmallestSide = 160;

    // Small pictures are drawn larger and averaged down, because thin lines then look smoother than with anti-aliasing.
    private const int SmallPicture = 1024;

    private DrawnScene(SKBitmap picture, IReadOnlyList<IReadOnlyList<SKPoint>> faces)
    {
        Picture = picture;
        Faces = faces;
    }

    /// <summary>The picture, colour (Rgba8888, opaque). Disposed with this object.</summary>
    public SKBitmap Picture { get; }

    /// <summary>Each face's keypoints in the order of <see cref="DrawnFace.KeypointNames"/>, in pixels of <see cref="Picture"/>: x to the
    /// right, y down, pixel centres at integers. All lie inside the picture, and nothing covers them.</summary>
    public IReadOnlyList<IReadOnlyList<SKPoint>> Faces { get; }

    /// <summary>Draws a scene.</summary>
    /// <param name="seed">Seed of the random choices.</param>
    /// <param name="number">Number of the scene among the seed's scenes. Its people are in no other scene.</param>
    /// <param name="width">Width, pixels, at least <see cref="SmallestSide"/>.</param>
    /// <param name="height">Height, pixels, at least <see cref="SmallestSide"/>.</param>
    /// <param name="faces">Number of people, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is too small or <paramref name="faces"/> is negative.</exception>
    public static DrawnScene Draw(ulong seed, int number, int width, int height, int faces)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfNegative(faces);
        var random = FaceRandom.For(seed, "scene", number);
        Scene background = Scene.Sample(random);
        Photograph camera = Photograph.Sample(random);
        ulong people = random.NextBits();
        IReadOnlyList<PlacedFace> places = SceneLayout.Sample(random, width, height, faces);
        int enlarge = Math.Max(width, height) < SmallPicture ? 2 : 1;
        (Portrait Person, FacePose Pose)[] posed = [.. places.Select((place, i) => Pose(people, i, place, enlarge))];

        using var surface = SKSurface.Create(
            new SKImageInfo(width * enlarge, height * enlarge, SKColorType.Rgba8888, SKAlphaType.Opaque));
        background.Paint(surface.Canvas, width * enlarge, height * enlarge);
        Paint(surface.Canvas, background.Light, posed, (person, brush) => person.PaintBody(brush));
        Paint(surface.Canvas, background.Light, posed, (person, brush) => person.PaintHead(brush));
        using SKImage drawing = surface.Snapshot();
        var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        camera.Take(drawing, picture, SharpestUnit(places, width, height));
        return new DrawnScene(picture, [.. posed.Select(face => Keypoints(face.Person.Mark(face.Pose), enlarge))]);
    }

    /// <inheritdoc/>
    public void Dispose() => Picture.Dispose();

    private static (Portrait Person, FacePose Pose) Pose(ulong people, int number, PlacedFace place, int enlarge)
    {
        Portrait person = Portrait.Sample(FaceRandom.For(people, "face", number));
        return (person, person.Pose with
        {
            Roll = place.Roll,
            Centre = SKPoint.Empty,
            SquareOrigin = new SKPoint(place.Centre.X * enlarge, place.Centre.Y * enlarge),
            PixelsPerUnit = place.Side * enlarge / FacePose.Frame,
        });
    }

    private static void Paint(SKCanvas canvas, SKPoint light, (Portrait Person, FacePose Pose)[] posed, Action<Portrait, FaceBrush> paint)
    {
        foreach ((Portrait person, FacePose pose) in posed)
        {
            using var brush = new FaceBrush(canvas, pose, light);
            paint(person, brush);
        }
    }

    /// <summary>Gets the pixels per frame unit of the smallest face, so that the camera's blur leaves it recognisable.</summary>
    private static float SharpestUnit(IReadOnlyList<PlacedFace> places, int width, int height) =>
        (places.Count == 0 ? Math.Min(width, height) / 4f : places.Min(place => place.Side)) / FacePose.Frame;

    /// <summary>Converts from pixel areas (pixel i covers [i, i+1)) to pixel centres at integers.</summary>
    private static SKPoint[] Keypoints(SKPoint[] drawn, int enlarge) =>
        [.. drawn.Select(point => new SKPoint(point.X / enlarge - 0.5f, point.Y / enlarge - 0.5f))];
}
