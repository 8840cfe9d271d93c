using System.Runtime.InteropServices;

namespace KeypointPipeline.Finding;

/// <summary>A square window on a picture, in pixels at pixel edges. It may reach beyond the picture.</summary>
/// <param name="Left">Distance of its left side from the picture's left edge.</param>
/// <param name="Top">Distance of its top side from the picture's top edge.</param>
/// <param name="Side">Its side, more than 0.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Window(double Left, double Top, double Side);

/// <summary>The windows that a picture is searched with. Each network sees faces of about 1/16 to 1/1 of its window.</summary>
/// <param name="Near">Windows of the network for near faces: large ones, so that a face that fills the picture is seen with a margin.</param>
/// <param name="Far">Windows of the network for smaller faces: as large as the picture, and tiles.</param>
internal sealed record SearchWindows(IReadOnlyList<Window> Near, IReadOnlyList<Window> Far)
{
    /// <summary>Longest side in pixels that is searched without tiles: smaller faces would have too few pixels for a model.</summary>
    private const double LongestWithoutTiles = 700;

    private const double NearShare = 1.5;

    /// <summary>Side of a tile. Two of them cover a side and overlap by 1/16 of it. Larger faces are seen without tiles.</summary>
    private const double TileShare = 17.0 / 32;

    /// <summary>As above, where one tile then covers the shorter side: photos of 16:9 need two tiles, not four.</summary>
    private const double LargestTileShare = 9.0 / 16;

    private const double TileOverlap = 1.0 / 16;

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
        IEnumerable<Window> far = Cover(width, height, extent, FarOverlap * extent);
        if (extent > LongestWithoutTiles)
        {
            double tile = TileShare * extent;
            double shorter = Math.Min(width, height);
            if (shorter > tile && shorter <= LargestTileShare * extent)
                tile = shorter;
            far = far.Concat(Cover(width, height, tile, TileOverlap * extent));
        }

        return new SearchWindows([.. Cover(width, height, NearShare * extent, NearOverlap * extent)], [.. far]);
    }

    /// <summary>Returns the length that the sizes of windows follow.</summary>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    public static double ExtentOf(int width, int height) => Math.Min(Math.Max(width, height), 2.0 * Math.Min(width, height));

    /// <summary>Covers a picture with windows of a side, centred on the picture, that overlap at least by a length.</summary>
    private static IEnumerable<Window> Cover(int width, int height, double side, double overlap) =>
        from top in Starts(height, side, overlap)
        from left in Starts(width, side, overlap)
        select new Window(left, top, side);

    private static IEnumerable<double> Starts(int length, double side, double overlap)
    {
        // A length that exceeds the side by rounding alone needs no second window.
        int count = length <= side * (1 + 1e-9) ? 1 : 1 + (int)Math.Ceiling((length - side) / (side - overlap) * (1 - 1e-9));
        return count == 1
            ? [(length - side) / 2]
            : Enumerable.Range(0, count).Select(i => (length - side) * i / (count - 1));
    }
}
