using System.Runtime.InteropServices;

namespace KeypointPipeline.Images.Placing;

/// <summary>A transform of scale, rotation and shift: <c>x' = A·x − B·y + X</c>, <c>y' = B·x + A·y + Y</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Similarity(double A, double B, double X, double Y)
{
    /// <summary>Moves a point.</summary>
    public (double X, double Y) Apply(double x, double y) => ((A * x) - (B * y) + X, (B * x) + (A * y) + Y);

    /// <summary>Moves a point back.</summary>
    public (double X, double Y) Undo(double x, double y)
    {
        double square = (A * A) + (B * B);
        return (((A * (x - X)) + (B * (y - Y))) / square, ((A * (y - Y)) - (B * (x - X))) / square);
    }

    /// <summary>Fits a shape to the known points of an instance by least squares. Without the rotation, points of a turned head would give too
    /// small a scale. Source: S. Umeyama, Least-squares estimation of transformation parameters between two point patterns, 1991.</summary>
    /// <param name="shape">K·2 coordinates; NaN if unknown.</param>
    /// <param name="points">K·2 coordinates; NaN if unknown.</param>
    /// <returns>The transform from the shape to the points, or null if fewer than two different points are known in both.</returns>
    public static Similarity? Fit(ReadOnlySpan<double> shape, ReadOnlySpan<float> points)
    {
        double shapeX = 0;
        double shapeY = 0;
        double meanX = 0;
        double meanY = 0;
        int count = 0;
        for (int i = 0; i < shape.Length; i += 2)
        {
            if (!IsKnown(shape, points, i))
                continue;
            count++;
            shapeX += shape[i];
            shapeY += shape[i + 1];
            meanX += points[i];
            meanY += points[i + 1];
        }

        if (count < 2)
            return null;
        (shapeX, shapeY, meanX, meanY) = (shapeX / count, shapeY / count, meanX / count, meanY / count);
        double along = 0;
        double across = 0;
        double square = 0;
        for (int i = 0; i < shape.Length; i += 2)
        {
            if (!IsKnown(shape, points, i))
                continue;
            (double u, double v) = (shape[i] - shapeX, shape[i + 1] - shapeY);
            (double x, double y) = (points[i] - meanX, points[i + 1] - meanY);
            along += (u * x) + (v * y);
            across += (u * y) - (v * x);
            square += (u * u) + (v * v);
        }

        (double a, double b) = (along / square, across / square);
        bool isTransform = double.IsFinite(a) && double.IsFinite(b) && (a != 0 || b != 0);
        return isTransform ? new Similarity(a, b, meanX - (a * shapeX) + (b * shapeY), meanY - (b * shapeX) - (a * shapeY)) : null;
    }

    private static bool IsKnown(ReadOnlySpan<double> shape, ReadOnlySpan<float> points, int i) =>
        !double.IsNaN(shape[i]) && !float.IsNaN(points[i]) && !float.IsNaN(points[i + 1]);
}
