using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes a grey frame that is turned on the picture. The filter is the one of <see cref="AxisWeights.Create"/> along the frame's axes.
/// It is not separable on the picture's pixels, so each frame pixel weighs the square of pixels below it.</summary>
internal static class TurnedSampler
{
    /// <summary>Pixels per frame pixel that a level must have. Averaging to a level weakens details of two frame pixels by at most
    /// 5 %.</summary>
    public const double LeastScale = 3;

    private static readonly int Lanes = Vector256<float>.Count;

    /// <summary>Samples a frame.</summary>
    /// <param name="level">The picture's pixels in its stored orientation.</param>
    /// <param name="axes">The place of the frame, in pixels of the level.</param>
    /// <param name="width">Width of the picture in pixels of the level. It can be fractional.</param>
    /// <param name="height">Height of the picture in pixels of the level. It can be fractional.</param>
    /// <param name="frame">Frame size in pixels.</param>
    /// <returns>Grey bytes of the frame, line by line.</returns>
    public static byte[] Sample(PixelLevel level, FrameAxes axes, double width, double height, FrameSize frame)
    {
        double scale = axes.Scale;
        double stretch = Math.Max(scale, 1);
        double reach = 2 * stretch * (Math.Abs(axes.RightX) + Math.Abs(axes.DownX)) / scale;
        var centres = new Centres(axes, width, height);
        GreyRegion region = Read(level, centres, frame, reach);
        try
        {
            var filter = new TurnedFilter(axes, scale * stretch);
            byte[] bytes = new byte[frame.Pixels];
            for (int i = 0; i < bytes.Length; i++)
            {
                (double x, double y) = centres.At((i % frame.Width) + 0.5, (i / frame.Width) + 0.5);
                bytes[i] = FrameSampler.ToByte(Weigh(region, filter, x, y, reach));
            }

            return bytes;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(region.Grey);
        }
    }

    /// <summary>Reads the pixels that a frame needs as grey. Lines are padded to whole vectors.</summary>
    private static GreyRegion Read(PixelLevel level, Centres centres, FrameSize frame, double reach)
    {
        (double X, double Y)[] corners = [centres.At(0, 0), centres.At(frame.Width, 0), centres.At(0, frame.Height), centres.At(frame.Width, frame.Height)];
        int left = First(corners.Min(corner => corner.X), reach);
        int top = First(corners.Min(corner => corner.Y), reach);
        int right = End(corners.Max(corner => corner.X), reach, level.Width);
        int bottom = End(corners.Max(corner => corner.Y), reach, level.Height);
        int stride = right - left + Lanes;
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

    private static float Weigh(GreyRegion region, TurnedFilter filter, double x, double y, double reach)
    {
        int left = Math.Max(First(x, reach), region.Left);
        int right = Math.Min(End(x, reach, int.MaxValue), region.Right);
        int top = Math.Max(First(y, reach), region.Top);
        int bottom = Math.Min(End(y, reach, int.MaxValue), region.Bottom);
        Vector256<float> sum = default;
        Vector256<float> weights = default;
        var lanes = Vector256<float>.Indices;
        for (int row = top; row < bottom; row++)
        {
            float down = (float)(row + 0.5 - y);
            int at = ((row - region.Top) * region.Stride) - region.Left;
            for (int column = left; column < right; column += Lanes)
            {
                Vector256<float> across = Vector256.Create((float)(column + 0.5 - x)) + lanes;
                Vector256<float> weight = filter.Weigh(across, down);
                if (column + Lanes > right)
                    weight = Vector256.ConditionalSelect(Vector256.LessThan(lanes, Vector256.Create((float)(right - column))), weight, default);
                weights += weight;
                sum += weight * Vector256.LoadUnsafe(ref region.Grey[at + column]);
            }
        }

        return Vector256.Sum(sum) / Vector256.Sum(weights);
    }

    private static int First(double centre, double reach) => Math.Max((int)Math.Floor(centre - reach), 0);

    private static int End(double centre, double reach, int limit) => Math.Min((int)Math.Ceiling(centre + reach), limit);

    /// <summary>Where the filter is centred: on the frame pixel, or on the nearest place where a whole frame pixel lies on the picture, as for
    /// frames that are not turned.</summary>
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

    /// <param name="Grey">Grey values, line by line.</param>
    /// <param name="Left">Index of the first column.</param>
    /// <param name="Top">Index of the first line.</param>
    /// <param name="Right">Index behind the last column.</param>
    /// <param name="Bottom">Index behind the last line.</param>
    /// <param name="Stride">Numbers per line.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct GreyRegion(float[] Grey, int Left, int Top, int Right, int Bottom, int Stride);

    /// <summary>Keys' cubic filter along both axes of a frame. The products of a pixel's offset with these vectors are its distances in
    /// units of the filter.</summary>
    private readonly struct TurnedFilter(FrameAxes axes, double length)
    {
        private readonly float _rightX = (float)(axes.RightX / length);
        private readonly float _rightY = (float)(axes.RightY / length);
        private readonly float _downX = (float)(axes.DownX / length);
        private readonly float _downY = (float)(axes.DownY / length);

        public Vector256<float> Weigh(Vector256<float> x, float y) =>
            Cubic((x * _rightX) + Vector256.Create(y * _rightY)) * Cubic((x * _downX) + Vector256.Create(y * _downY));

        private static Vector256<float> Cubic(Vector256<float> x)
        {
            x = Vector256.Abs(x);
            Vector256<float> near = (((x * 1.5f) - Vector256.Create(2.5f)) * x * x) + Vector256<float>.One;
            Vector256<float> far = (((((x * -0.5f) + Vector256.Create(2.5f)) * x) - Vector256.Create(4f)) * x) + Vector256.Create(2f);
            Vector256<float> within = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(2f)), far, default);
            return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.One), near, within);
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
