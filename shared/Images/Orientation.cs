using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Images;

/// <summary>One of the eight EXIF orientations: how stored pixels are mirrored and turned to stand upright.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Orientation(SKEncodedOrigin Origin)
{
    /// <summary>Whether upright width is stored height (orientations 5 to 8).</summary>
    public bool SwapsAxes => Origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Where an upright pixel is stored.</summary>
    /// <param name="x">Upright column.</param>
    /// <param name="y">Upright row.</param>
    /// <param name="storedWidth">Stored width.</param>
    /// <param name="storedHeight">Stored height.</param>
    public (int X, int Y) ToStored(int x, int y, int storedWidth, int storedHeight) => Origin switch
    {
        SKEncodedOrigin.TopRight => (storedWidth - 1 - x, y),
        SKEncodedOrigin.BottomRight => (storedWidth - 1 - x, storedHeight - 1 - y),
        SKEncodedOrigin.BottomLeft => (x, storedHeight - 1 - y),
        SKEncodedOrigin.LeftTop => (y, x),
        SKEncodedOrigin.RightTop => (y, storedHeight - 1 - x),
        SKEncodedOrigin.RightBottom => (storedWidth - 1 - y, storedHeight - 1 - x),
        SKEncodedOrigin.LeftBottom => (storedWidth - 1 - y, x),
        _ => (x, y),
    };
}
