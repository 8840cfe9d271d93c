using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>A drawn face with the exact positions of its keypoints. The same seed draws the same bytes.</summary>
/// <remarks>Every keypoint is a node of a drawn shape, so the demo can label the picture without a person.</remarks>
public sealed class DrawnFace : IDisposable
{
    // Small pictures are drawn larger and averaged down, because thin lines then look smoother than with anti-aliasing.
    private const int SmallSide = 256;

    private DrawnFace(SKBitmap picture, SKPoint[] keypoints)
    {
        Picture = picture;
        Keypoints = keypoints;
    }

    /// <summary>Kaggle's 15 keypoints in Kaggle's column order. Left is the person's left, which is on the picture's
    /// right.</summary>
    public static IReadOnlyList<string> KeypointNames => KeypointMarks.Names;

    /// <summary>The picture, colour (Rgba8888, opaque). Disposed with this object.</summary>
    public SKBitmap Picture { get; }

    /// <summary>The keypoints in the order of <see cref="KeypointNames"/>, in pixels of <see cref="Picture"/>: x to the right,
    /// y down, pixel centres at integers. All lie inside the square that the face was drawn in.</summary>
    public IReadOnlyList<SKPoint> Keypoints { get; }

    /// <summary>Draws a face that fills a square picture.</summary>
    /// <param name="seed">Seed of the random choices.</param>
    /// <param name="number">Number of the face among the seed's faces.</param>
    /// <param name="size">Side of the picture, pixels, at least 16.</param>
    public static DrawnFace Draw(ulong seed, int number, int size) => Draw(seed, number, size, size);

    /// <summary>Draws a face in the middle square of a picture. The scene fills the rest.</summary>
    /// <param name="seed">Seed of the random choices.</param>
    /// <param name="number">Number of the face among the seed's faces. The same number gives the same person at every picture size.</param>
    /// <param name="width">Width, pixels, at least 16.</param>
    /// <param name="height">Height, pixels, at least 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is under 16 pixels.</exception>
    public static DrawnFace Draw(ulong seed, int number, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        Portrait portrait = Portrait.Sample(FaceRandom.For(seed, "face", number));
        int side = Math.Min(width, height);
        int enlarge = side < SmallSide ? 2 : 1;
        FacePose pose = portrait.Pose with
        {
            PixelsPerUnit = side * enlarge / FacePose.Frame,
            SquareOrigin = new SKPoint((width - side) * enlarge / 2f, (height - side) * enlarge / 2f),
        };

        using var surface = SKSurface.Create(
            new SKImageInfo(width * enlarge, height * enlarge, SKColorType.Rgba8888, SKAlphaType.Opaque));
        portrait.Paint(surface.Canvas, pose, width * enlarge, height * enlarge);
        using SKImage drawing = surface.Snapshot();
        var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        portrait.Camera.Take(drawing, picture, side / FacePose.Frame);

        // Converts from pixel areas (pixel i covers [i, i+1)) to pixel centres at integers.
        SKPoint[] keypoints = portrait.Mark(pose);
        for (int k = 0; k < keypoints.Length; k++)
            keypoints[k] = new SKPoint(keypoints[k].X / enlarge - 0.5f, keypoints[k].Y / enlarge - 0.5f);
        return new DrawnFace(picture, keypoints);
    }

    /// <inheritdoc/>
    public void Dispose() => Picture.Dispose();
}
