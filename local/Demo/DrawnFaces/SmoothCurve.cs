using SkiaSharp;

namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Draws smooth curves that pass exactly through their points, so that keypoints can be nodes of drawn shapes.</summary>
/// <remarks>The curves are uniform Catmull–Rom splines, written as Bézier segments.</remarks>
internal static class SmoothCurve
{
    /// <summary>Creates a closed curve through the points.</summary>
    public static SKPath Closed(params ReadOnlySpan<SKPoint> points)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(points[0]);
        int n = points.Length;
        for (int i = 0; i < n; i++)
            Segment(path, points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]);
        path.Close();
        return path.Detach();
    }

    /// <summary>Creates an open curve from the first point to the last.</summary>
    public static SKPath Open(params ReadOnlySpan<SKPoint> points)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(points[0]);
        Append(path, points);
        return path.Detach();
    }

    /// <summary>Creates a closed shape of two curves with common ends and sharp corners there, for example an eye or a lip.</summary>
    /// <param name="there">Points of the first curve, from the first corner to the last.</param>
    /// <param name="back">Points of the second curve, from the same first corner to the same last corner.</param>
    public static SKPath Between(ReadOnlySpan<SKPoint> there, ReadOnlySpan<SKPoint> back)
    {
        SKPoint[] reversed = back.ToArray();
        Array.Reverse(reversed);
        using var path = new SKPathBuilder();
        path.MoveTo(there[0]);
        Append(path, there);
        path.LineTo(reversed[0]);
        Append(path, reversed);
        path.Close();
        return path.Detach();
    }

    /// <summary>Gets a point on the open curve through the points.</summary>
    /// <param name="points">The curve's nodes, at least two.</param>
    /// <param name="t">0 at the first node, 1 at the last. The other nodes are spaced evenly between.</param>
    public static SKPoint PointAt(ReadOnlySpan<SKPoint> points, float t)
    {
        float scaled = t * (points.Length - 1);
        int i = Math.Clamp((int)scaled, 0, points.Length - 2);
        float u = scaled - i;
        SKPoint a = points[Math.Max(i - 1, 0)], b = points[i], c = points[i + 1], d = points[Math.Min(i + 2, points.Length - 1)];
        return new SKPoint(Blend(a.X, b.X, c.X, d.X, u), Blend(a.Y, b.Y, c.Y, d.Y, u));

        static float Blend(float a, float b, float c, float d, float u) =>
            b + 0.5f * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
    }

    /// <summary>Gets the point at a share of the way between two points.</summary>
    public static SKPoint Mix(SKPoint from, SKPoint to, float share) =>
        new(from.X + (to.X - from.X) * share, from.Y + (to.Y - from.Y) * share);

    private static void Append(SKPathBuilder path, ReadOnlySpan<SKPoint> points)
    {
        int last = points.Length - 1;
        for (int i = 0; i < last; i++)
            Segment(path, points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, last)]);
    }

    private static void Segment(SKPathBuilder path, SKPoint before, SKPoint from, SKPoint to, SKPoint after) => path.CubicTo(
        new SKPoint(from.X + (to.X - before.X) / 6, from.Y + (to.Y - before.Y) / 6),
        new SKPoint(to.X - (after.X - from.X) / 6, to.Y - (after.Y - from.Y) / 6),
        to);
}
