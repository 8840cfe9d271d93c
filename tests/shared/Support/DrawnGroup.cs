using KeypointPipeline.Finding;
using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>A plain picture with drawn faces at stated places.</summary>
internal sealed class DrawnGroup : IDisposable
{
    private const ulong Seed = 29;

    private readonly SKBitmap _picture;
    private readonly List<DrawnTruth> _faces = [];

    public DrawnGroup(int width, int height)
    {
        _picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _picture.Erase(new SKColor(120, 130, 140));
    }

    public IReadOnlyList<DrawnTruth> Faces => _faces;

    /// <summary>Draws a face into a square.</summary>
    /// <param name="number">Which person.</param>
    /// <param name="x">Left side of the square in pixels.</param>
    /// <param name="y">Top side of the square.</param>
    /// <param name="side">Side of the square; the face fills most of it.</param>
    /// <param name="angle">Turns it clockwise around its centre, in degrees.</param>
    public DrawnGroup With(int number, int x, int y, int side, float angle = 0)
    {
        using DrawnFace face = DrawnFace.Draw(Seed, number, side);
        using var canvas = new SKCanvas(_picture);
        using var image = SKImage.FromBitmap(face.Picture);
        var place = SKMatrix.CreateRotationDegrees(angle, x + (side / 2f), y + (side / 2f)).PreConcat(SKMatrix.CreateTranslation(x, y));
        canvas.SetMatrix(place);
        canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear));
        _faces.Add(new DrawnTruth([.. face.Keypoints.Select(point => Moved(point))]));
        return this;

        FacePoint Moved(SKPoint point)
        {
            SKPoint moved = place.MapPoint(point.X + 0.5f, point.Y + 0.5f);
            return new FacePoint(moved.X - 0.5, moved.Y - 0.5);
        }
    }

    public byte[] Encode(SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 90)
    {
        using SKData data = _picture.Encode(format, quality);
        return data.ToArray();
    }

    public void Dispose() => _picture.Dispose();
}

/// <summary>Where a drawn face is.</summary>
/// <param name="Keypoints">The keypoints in the order of <see cref="DrawnFace.KeypointNames"/>, in pixels of the picture.</param>
internal sealed record DrawnTruth(IReadOnlyList<FacePoint> Keypoints)
{
    public FacePoint RightEye => Point("right_eye_center");

    public FacePoint LeftEye => Point("left_eye_center");

    /// <summary>Mean distance of a find's eyes from this face's, by the distance between the eyes.</summary>
    public double ErrorOf(FoundFace face) =>
        (Distance(face.Points.RightEye, RightEye) + Distance(face.Points.LeftEye, LeftEye)) / (2 * Distance(RightEye, LeftEye));

    private FacePoint Point(string name) => Keypoints[DrawnFace.KeypointNames.ToList().IndexOf(name)];

    private static double Distance(FacePoint a, FacePoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}
