using System.Runtime.InteropServices;

namespace KeypointPipeline.Images.Placing;

/// <summary>The smallest upright rectangle that holds points. Pixel centres are integers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Extent(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The extent of no point.</summary>
    public static Extent None { get; } =
        new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);

    /// <summary>Length of the longer side. 0 for a single point, and negative for none.</summary>
    public double Longer => Math.Max(Right - Left, Bottom - Top);

    /// <summary>Returns the extent of these points and one more. A point with NaN changes nothing.</summary>
    public Extent With(double x, double y) => double.IsNaN(x) || double.IsNaN(y)
        ? this
        : new Extent(Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x), Math.Max(Bottom, y));

    /// <summary>Returns the extent of K·2 coordinates. NaN is passed over.</summary>
    public static Extent Of(ReadOnlySpan<float> points)
    {
        Extent extent = None;
        for (int i = 0; i < points.Length; i += 2)
            extent = extent.With(points[i], points[i + 1]);
        return extent;
    }

    /// <summary>Returns the box around the pixels of K·2 coordinates, or null if no point is known. A pixel reaches from its number to the next
    /// one.</summary>
    public static PictureBox? BoxAround(ReadOnlySpan<float> points)
    {
        Extent extent = Of(points);
        return extent.Longer < 0 ? null : new PictureBox(extent.Left, extent.Top, extent.Right - extent.Left + 1, extent.Bottom - extent.Top + 1);
    }

    /// <summary>Returns the box through the points: its sides are measured at pixel edges, half a pixel before the centres.</summary>
    public PictureBox ToBox() => new(Left + 0.5, Top + 0.5, Right - Left, Bottom - Top);
}
