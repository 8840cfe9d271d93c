using System.Runtime.InteropServices;

namespace KeypointPipeline.Finding;

/// <summary>A window on a picture, as a network takes it. It may reach beyond the picture.</summary>
/// <param name="Left">Distance of its left side from the picture's left edge, in pixels of the picture.</param>
/// <param name="Top">Distance of its top side from the picture's top edge.</param>
/// <param name="Scale">Pixels of the picture per pixel of the window, more than 0.</param>
/// <param name="Columns">Width in pixels of the window.</param>
/// <param name="Rows">Height in pixels of the window.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Window(double Left, double Top, double Scale, int Columns, int Rows)
{
    /// <summary>Width in pixels of the picture.</summary>
    public double Width => Columns * Scale;

    /// <summary>Height in pixels of the picture.</summary>
    public double Height => Rows * Scale;
}

/// <summary>The windows that a picture is searched with.</summary>
/// <param name="Near">Square windows of the network for near faces, larger than the picture, so that a face that fills the picture is seen with a
/// margin. The network sees faces of about 1/6 to 1/1 of its window.</param>
/// <param name="Far">Windows of the network for smaller faces, as large as the picture. The network sees faces of about 16 to 256 pixels of its
/// window.</param>
internal sealed record SearchWindows(IReadOnlyList<Window> Near, IReadOnlyList<Window> Far)
{
    /// <summary>Side of a window for near faces, in its pixels: the size that the network was trained with.</summary>
    public const int NearPixels = 128;

    /// <summary>Pixels of a far window along the picture's extent.</summary>
    private const double FarPixels = 320;

    /// <summary>As above, for pictures with an extent of more than <see cref="LargestCoarse"/> pixels.</summary>
    private const double FineFarPixels = 512;

    /// <summary>Largest extent in pixels that is searched with coarse windows: the faces that only fine ones show would have too few pixels for a
    /// model.</summary>
    private const double LargestCoarse = 700;

    /// <summary>Sides of far windows are multiples of this many of its pixels: two cells of the network's coarsest grid. Single cells would save
    /// little time, and each size of windows takes memory.</summary>
    private const int Step = 64;

    private const double NearShare = 1.5;

    /// <summary>Overlap of the windows along a long picture, as a share of its extent, for near faces: the shorter side.</summary>
    private const double NearOverlap = 0.5;

    /// <summary>As above, for smaller faces.</summary>
    private const double FarOverlap = 0.25;

    /// <summary>Returns the windows of a picture.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <remarks>Sizes follow the extent: the longer side, but at most twice the shorter one. A wide panorama is searched in several windows, or
    /// its faces would be too small in one.</remarks>
    public static SearchWindows Of(int width, int height)
    {
        double extent = ExtentOf(width, height);
        double near = NearShare * extent;
        var nearWindow = new Window(0, 0, near / NearPixels, NearPixels, NearPixels);
        double scale = extent / (extent > LargestCoarse ? FineFarPixels : FarPixels);
        var farWindow = new Window(0, 0, scale, Steps(Math.Min(width, extent) / scale), Steps(Math.Min(height, extent) / scale));
        return new SearchWindows(
            [.. Cover(width, height, near, near, NearOverlap * extent, nearWindow)],
            [.. Cover(width, height, Math.Min(width, extent), Math.Min(height, extent), FarOverlap * extent, farWindow)]);
    }

    /// <summary>Returns the length that the sizes of windows follow.</summary>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    public static double ExtentOf(int width, int height) => Math.Min(Math.Max(width, height), 2.0 * Math.Min(width, height));

    /// <summary>Covers a picture with areas of a size that overlap at least by a length, evenly from edge to edge.</summary>
    /// <returns>The window around each area, which lies in its middle.</returns>
    private static IEnumerable<Window> Cover(int width, int height, double areaWidth, double areaHeight, double overlap, Window window) =>
        from top in Starts(height, areaHeight, overlap)
        from left in Starts(width, areaWidth, overlap)
        select window with { Left = left + ((areaWidth - window.Width) / 2), Top = top + ((areaHeight - window.Height) / 2) };

    private static IEnumerable<double> Starts(int length, double side, double overlap)
    {
        // A length that exceeds the side by rounding alone needs no second window.
        int count = length <= side * (1 + 1e-9) ? 1 : 1 + (int)Math.Ceiling((length - side) / (side - overlap) * (1 - 1e-9));
        return count == 1
            ? [(length - side) / 2]
            : Enumerable.Range(0, count).Select(i => (length - side) * i / (count - 1));
    }

    /// <summary>Rounds a number of pixels up to whole steps.</summary>
    private static int Steps(double pixels) => Step * (int)Math.Ceiling(pixels / Step * (1 - 1e-9));
}
