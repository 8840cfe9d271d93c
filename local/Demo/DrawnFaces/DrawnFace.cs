using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>One drawn face with the exact places of its keypoints. The same seed draws the same bytes.</summary>
/// <remarks>A picture the demo can label without a person: every keypoint is a node of the shape that is drawn.</remarks>
public sealed class DrawnFace : IDisposable
{
    // Small pictures are drawn larger and averaged down: smoother thin lines than anti-aliasing gives.
    private const int SmallSide = 256;

    private DrawnFace(SKBitmap picture, SKPoint[] keypoints)
    {
        Picture = picture;
        Keypoints = keypoints;
    }

    /// <summary>Kaggle's 15 keypoints in Kaggle's column order; left is the person's left, which is the picture's
    /// right.</summary>
    public static IReadOnlyList<string> KeypointNames => KeypointMarks.Names;

    /// <summary>The picture, colour (Rgba8888, opaque). Disposed with this object.</summary>
    public SKBitmap Picture { get; }

    /// <summary>Where the keypoints are, in the order of <see cref="KeypointNames"/>: pixels of <see cref="Picture"/>, x right,
    /// y down, pixel centres at integers. All lie inside the square the face was drawn in.</summary>
    public IReadOnlyList<SKPoint> Keypoints { get; }

    /// <summary>Draws a face that fills a square picture.</summary>
    /// <param name="seed">Which face.</param>
    /// <param name="number">Which of the seed's faces.</param>
    /// <param name="size">Side of the picture, pixels, at least 16.</param>
    public static DrawnFace Draw(ulong seed, int number, int size) => Draw(seed, number, size, size);

    /// <summary>Draws a face in the middle square of a picture; the scene fills the rest.</summary>
    /// <param name="seed">Which face.</param>
    /// <param name="number">Which of the seed's faces; the same numbers of another picture size are the same people.</param>
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

        // From pixel areas (pixel i covers [i, i+1)) to pixel centres at integers.
        SKPoint[] keypoints = portrait.Mark(pose);
        for (int k = 0; k < keypoints.Length; k++)
            keypoints[k] = new SKPoint(keypoints[k].X / enlarge - 0.5f, keypoints[k].Y / enlarge - 0.5f);
        return new DrawnFace(picture, keypoints);
    }

    /// <inheritdoc/>
    public void Dispose() => Picture.Dispose();
}
