using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>A face on a group picture.</summary>
/// <param name="Keypoints">The keypoints in the schema's order, in pixels of the picture with centres at integers. A keypoint with NaN is not
/// drawn.</param>
/// <param name="Box">The square that was predicted, in pixels of the picture; null if it was the whole picture.</param>
/// <param name="IsDoubtful">Whether the points may be wrong. The box is then drawn as a broken amber line.</param>
public sealed record MarkedFace(IReadOnlyList<SKPoint> Keypoints, PictureBox? Box, bool IsDoubtful);

/// <summary>Marks all faces on a photo of several people.</summary>
public static class GroupPicture
{
    private static readonly SKColor Line = new(255, 255, 255, 210);
    private static readonly SKColor Doubt = new(0xFFFFB000);

    /// <summary>Draws the outline and the keypoints of each face.</summary>
    /// <param name="photo">The photo, drawn on.</param>
    /// <param name="faces">Its faces.</param>
    /// <param name="schema">The schema, which names the mirror pairs. They have their own colours (<see cref="KeypointDots"/>).</param>
    /// <exception cref="ArgumentException">The number of a face's keypoints differs from the schema's.</exception>
    public static void Mark(SKBitmap photo, IReadOnlyList<MarkedFace> faces, KeypointSchema schema)
    {
        using var canvas = new SKCanvas(photo);
        float width = Math.Max(1, Math.Max(photo.Width, photo.Height) / 600f);
        foreach (MarkedFace face in faces)
        {
            if (face.Keypoints.Count != schema.Count)
                throw new ArgumentException($"A face has {face.Keypoints.Count} keypoints, but the schema has {schema.Count}.", nameof(faces));
            float side = Math.Min(photo.Width, photo.Height);
            if (face.Box is PictureBox box)
            {
                DrawOutline(canvas, box, face.IsDoubtful, width);
                side = (float)Math.Min(box.Width, box.Height);
            }

            SKPoint[] points = [.. face.Keypoints.Select(point => new SKPoint(point.X + 0.5f, point.Y + 0.5f))];
            KeypointDots.Draw(canvas, points, schema, MathF.Max(1.2f, side / 75));
        }
    }

    private static void DrawOutline(SKCanvas canvas, PictureBox box, bool isDoubtful, float width)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly([.. box.Corners().Select(corner => new SKPoint((float)corner.X, (float)corner.Y))], close: true);
        using SKPath outline = builder.Detach();
        using SKPathEffect? broken = isDoubtful ? SKPathEffect.CreateDash([5 * width, 4 * width], 0) : null;
        using var paint = new SKPaint
        {
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            Color = isDoubtful ? Doubt : Line,
            PathEffect = broken,
        };
        canvas.DrawPath(outline, paint);
    }
}
