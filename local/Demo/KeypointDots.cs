using KeypointPipeline.Keypoints;
using SkiaSharp;

namespace KeypointPipeline.Local.Demo;

/// <summary>Draws keypoints as dots with a dark rim. The first keypoint of a mirror pair is blue, the second yellow; others are
/// green.</summary>
internal static class KeypointDots
{
    private static readonly SKColor First = new(0xFF35E0FF);
    private static readonly SKColor Second = new(0xFFFFC23D);
    private static readonly SKColor Middle = new(0xFF5CFF6E);

    /// <summary>Draws the dots.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="points">The keypoints in the schema's order, in pixels of the canvas at pixel edges. A keypoint with NaN is not drawn.</param>
    /// <param name="schema">The schema, which names the mirror pairs.</param>
    /// <param name="radius">Radius of a dot, pixels.</param>
    public static void Draw(SKCanvas canvas, IReadOnlyList<SKPoint> points, KeypointSchema schema, float radius)
    {
        using var paint = new SKPaint { IsAntialias = true };
        for (int k = 0; k < schema.Count; k++)
        {
            if (!float.IsFinite(points[k].X) || !float.IsFinite(points[k].Y))
                continue;
            paint.Color = SKColors.Black.WithAlpha(170);
            canvas.DrawCircle(points[k], radius * 1.5f, paint);
            paint.Color = schema.MirrorMap[k] == k ? Middle : k < schema.MirrorMap[k] ? First : Second;
            canvas.DrawCircle(points[k], radius, paint);
        }
    }
}
