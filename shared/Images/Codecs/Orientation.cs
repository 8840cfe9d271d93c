using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>One of the eight EXIF orientations: how to mirror and turn stored pixels upright.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Orientation(SKEncodedOrigin Origin)
{
    /// <summary>Gets whether the upright width is the stored height (orientations 5 to 8).</summary>
    public bool SwapsAxes => Origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Returns the stored position of an upright pixel.</summary>
    /// <param name="x">Column in the upright image.</param>
    /// <param name="y">Row in the upright image.</param>
    /// <param name="storedWidth">Stored width in pixels.</param>
    /// <param name="storedHeight">Stored height in pixels.</param>
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
