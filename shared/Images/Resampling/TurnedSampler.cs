using System.Buffers;
using System.Runtime.InteropServices;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes a grey frame that is turned on the picture. The filter is the one of <see cref="AxisWeights.Create"/> along the frame's axes.
/// It is not separable on the picture's pixels, so each frame pixel weighs the square of pixels below it.</summary>
internal static class TurnedSampler
{
    /// <summary>Pixels per frame pixel that a level must have. Averaging to a level weakens details of two frame pixels by at most
    /// 5 %.</summary>
    public const double LeastScale = 3;

    /// <summary>Samples a frame.</summary>
    /// <param name="level">The picture's pixels in its stored orientation.</param>
    /// <param name="axes">The place of the frame, in pixels of the level.</param>
    /// <param name="width">Width of the picture in pixels of the level. It can be fractional.</param>
    /// <param name="height">Height of the picture in pixels of the level. It can be fractional.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <returns>Grey bytes of the frame, line by line.</returns>
    public static byte[] Sample(PixelLevel level, FrameAxes axes, double width, double height, FrameSize frame)
    {
        var centres = new Centres(axes, width, height);
        using var filter = new TurnedFilter(axes);
        var region = Read(level, centres, frame, filter.Reach);
        try
        {
            byte[] bytes = new byte[frame.Pixels];
            for (int i = 0; i < bytes.Length; i++)
            {
                (double x, double y) = centres.At((i % frame.Width) + 0.5, (i / frame.Width) + 0.5);
                bytes[i] = FrameSampler.ToByte(filter.Weigh(region, x, y));
            }

            return bytes;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(region.Grey);
        }
    }

    /// <summary>Reads the pixels that a frame needs as grey.</summary>
    private static GreyRegion Read(PixelLevel level, Centres centres, FrameSize frame, int reach)
    {
        (double X, double Y)[] corners = [centres.At(0, 0), centres.At(frame.Width, 0), centres.At(0, frame.Height), centres.At(frame.Width, frame.Height)];
        int left = Math.Max((int)Math.Floor(corners.Min(corner => corner.X)) - reach, 0);
        int top = Math.Max((int)Math.Floor(corners.Min(corner => corner.Y)) - reach, 0);
        int right = Math.Min((int)Math.Ceiling(corners.Max(corner => corner.X)) + reach + 1, level.Width);
        int bottom = Math.Min((int)Math.Ceiling(corners.Max(corner => corner.Y)) + reach + 1, level.Height);
        int stride = right - left + GreyRegion.Padding;
        float[] grey = ArrayPool<float>.Shared.Rent(stride * (bottom - top));
        byte[] line = new byte[right - left];
        for (int y = top; y < bottom; y++)
        {
            FrameSampler.ToGrey(level.Line(y).Slice(left * 4, line.Length * 4), line);
            Span<float> target = grey.AsSpan((y - top) * stride, stride);
            for (int x = 0; x < line.Length; x++)
                target[x] = line[x];
            target[line.Length..].Clear();
        }

        return new GreyRegion(grey, left, top, right, bottom, stride);
    }

    /// <summary>Where the filter is centred: on the frame pixel, or on the nearest place where a whole frame pixel lies on the picture, as for
    /// frames that are not turned.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Centres(FrameAxes axes, double width, double height)
    {
        private readonly double _marginX = Math.Min(axes.Scale, width) / 2;
        private readonly double _marginY = Math.Min(axes.Scale, height) / 2;

        public (double X, double Y) At(double right, double down)
        {
            (double x, double y) = axes.At(right, down);
            return (Math.Clamp(x, _marginX, width - _marginX), Math.Clamp(y, _marginY, height - _marginY));
        }
    }
}

/// <summary>The place of a frame on stored pixels, measured at pixel edges.</summary>
/// <param name="X">Column of the frame's upper left corner.</param>
/// <param name="Y">Row of the frame's upper left corner.</param>
/// <param name="RightX">Columns from a frame pixel to the next one on its right.</param>
/// <param name="RightY">Rows from a frame pixel to the next one on its right.</param>
/// <param name="DownX">Columns from a frame pixel to the next one below.</param>
/// <param name="DownY">Rows from a frame pixel to the next one below.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameAxes(double X, double Y, double RightX, double RightY, double DownX, double DownY)
{
    /// <summary>Pixels per frame pixel, the same along both axes.</summary>
    public double Scale => Math.Sqrt((RightX * RightX) + (RightY * RightY));

    /// <summary>Returns the place of a point of the frame, measured at pixel edges.</summary>
    public (double X, double Y) At(double right, double down) => (X + (right * RightX) + (down * DownX), Y + (right * RightY) + (down * DownY));
}

/// <summary>Grey pixels of a part of a picture.</summary>
/// <param name="Grey">Grey values, line by line. Each line is followed by <see cref="Padding"/> zeros.</param>
/// <param name="Left">Index of the first column.</param>
/// <param name="Top">Index of the first line.</param>
/// <param name="Right">Index behind the last column.</param>
/// <param name="Bottom">Index behind the last line.</param>
/// <param name="Stride">Numbers per line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GreyRegion(float[] Grey, int Left, int Top, int Right, int Bottom, int Stride)
{
    /// <summary>Zeros behind each line, so that the last pixels can be read as a vector.</summary>
    public const int Padding = 8;
}
