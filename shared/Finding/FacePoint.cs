using System.Runtime.InteropServices;

namespace KeypointPipeline.Finding;

/// <summary>A point of a face, in pixels of a picture or frame. Pixel centres are integers, x points right and y points down.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FacePoint(double X, double Y)
{
    /// <summary>Gets whether both coordinates are finite numbers.</summary>
    internal bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);

    /// <summary>Returns the point between two points.</summary>
    internal static FacePoint Middle(FacePoint a, FacePoint b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);
}
