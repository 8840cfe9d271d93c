using System.Runtime.InteropServices;

namespace KeypointPipeline.Finding;

/// <summary>A point of a face, in pixels of a picture or frame. Pixel centres are integers, x points right and y points down.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FacePoint(double X, double Y)
{
    /// <summary>Gets whether both coordinates are finite numbers.</summary>
    internal bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);

    /// <summary>Returns the middle of some keypoints; NaN unless all are known, because a few of them have another middle.</summary>
    /// <param name="keypoints">K·2 coordinates (x, y); NaN if unknown.</param>
    /// <param name="indices">Which keypoints.</param>
    internal static FacePoint Middle(ReadOnlySpan<float> keypoints, IReadOnlyList<int> indices)
    {
        double x = 0;
        double y = 0;
        foreach (int k in indices)
        {
            x += keypoints[2 * k];
            y += keypoints[(2 * k) + 1];
        }

        return new FacePoint(x / indices.Count, y / indices.Count);
    }

    /// <summary>Returns the point between two points.</summary>
    internal static FacePoint Middle(FacePoint a, FacePoint b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);
}
