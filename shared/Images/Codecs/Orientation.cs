using System.Runtime.InteropServices;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>One of the eight EXIF orientations: how to mirror and turn stored pixels upright.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Orientation(SKEncodedOrigin Origin)
{
    /// <summary>Gets whether the upright width is the stored height (orientations 5 to 8).</summary>
    public bool SwapsAxes => Origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Gets whether stored columns run against the upright axis that they lie on: the upright x axis, or the upright y axis if the
    /// axes are swapped.</summary>
    public bool ReversesColumns =>
        Origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Gets whether stored rows run against the upright axis that they lie on: the upright y axis, or the upright x axis if the axes
    /// are swapped.</summary>
    public bool ReversesRows =>
        Origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

    /// <summary>Gets whether the stored pixels show the picture mirrored.</summary>
    public bool IsMirrored => SwapsAxes == (ReversesColumns == ReversesRows);

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

    /// <summary>Returns the stored position of an upright one, both measured at pixel edges: the first pixel reaches from 0 to 1.</summary>
    /// <param name="x">Distance from the upright image's left edge.</param>
    /// <param name="y">Distance from the upright image's top edge.</param>
    /// <param name="storedWidth">Stored width in pixels.</param>
    /// <param name="storedHeight">Stored height in pixels.</param>
    public (double X, double Y) EdgeToStored(double x, double y, double storedWidth, double storedHeight)
    {
        (double column, double row) = SwapsAxes ? (y, x) : (x, y);
        return (ReversesColumns ? storedWidth - column : column, ReversesRows ? storedHeight - row : row);
    }

    /// <summary>Returns the upright position of a stored one. The inverse of <see cref="ToStored"/>.</summary>
    /// <param name="x">Stored column; pixel centres are integers.</param>
    /// <param name="y">Stored row; pixel centres are integers.</param>
    /// <param name="storedWidth">Stored width in pixels.</param>
    /// <param name="storedHeight">Stored height in pixels.</param>
    public (double X, double Y) ToUpright(double x, double y, int storedWidth, int storedHeight)
    {
        double column = ReversesColumns ? storedWidth - 1 - x : x;
        double row = ReversesRows ? storedHeight - 1 - y : y;
        return SwapsAxes ? (row, column) : (column, row);
    }
}
