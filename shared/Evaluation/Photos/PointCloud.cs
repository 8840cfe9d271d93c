using System.Runtime.InteropServices;

namespace KeypointPipeline.Evaluation.Photos;

/// <summary>Where the points of an instance are and how far they reach.</summary>
/// <param name="X">Mean x of the points, in pixels of the upright picture.</param>
/// <param name="Y">Mean y.</param>
/// <param name="Radius">Root mean square distance of the points from their mean.</param>
/// <param name="Points">Number of points.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PointCloud(double X, double Y, double Radius, int Points)
{
    /// <summary>The cloud of the points that two instances have in common, of each.</summary>
    /// <param name="first">K·2 coordinates; NaN if a point is missing.</param>
    /// <param name="second">K·2 coordinates of the same keypoints.</param>
    public static (PointCloud First, PointCloud Second) OfCommon(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        (Of(first, second), Of(second, first));

    /// <summary>The cloud of all points of an instance.</summary>
    public static PointCloud Of(ReadOnlySpan<float> points) => Of(points, points);

    /// <summary>Distance of the means.</summary>
    public double DistanceTo(PointCloud other) => double.Hypot(X - other.X, Y - other.Y);

    private static PointCloud Of(ReadOnlySpan<float> points, ReadOnlySpan<float> mask)
    {
        int count = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < points.Length; i += 2)
        {
            if (!IsKnown(points, mask, i))
                continue;
            count++;
            x += points[i];
            y += points[i + 1];
        }

        (x, y) = (x / count, y / count);
        double squares = 0;
        for (int i = 0; i < points.Length; i += 2)
        {
            if (IsKnown(points, mask, i))
                squares += ((points[i] - x) * (points[i] - x)) + ((points[i + 1] - y) * (points[i + 1] - y));
        }

        return new PointCloud(x, y, Math.Sqrt(squares / count), count);
    }

    private static bool IsKnown(ReadOnlySpan<float> points, ReadOnlySpan<float> mask, int i) =>
        !float.IsNaN(points[i]) && !float.IsNaN(points[i + 1]) && !float.IsNaN(mask[i]) && !float.IsNaN(mask[i + 1]);
}
