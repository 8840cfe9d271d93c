using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Keys' cubic filter along both axes of a turned frame, widened when the frame reduces.</summary>
/// <remarks>Its weights depend on where the centre lies within a pixel. They are computed once for each of a grid of such places, which is at
/// least 1/64 of a frame pixel fine; a centre moves to the nearest of them.</remarks>
internal sealed class TurnedFilter : IDisposable
{
    private const int Places = 64;
    private const int FewestPlaces = 8;

    private readonly float _rightX;
    private readonly float _rightY;
    private readonly float _downX;
    private readonly float _downY;
    private readonly int _places;
    private readonly int _lines;
    private readonly int _columns;
    private readonly float[] _weights;
    private readonly bool[] _known;

    /// <summary>Prepares the filter.</summary>
    /// <param name="axes">The frame's axes, in pixels of the picture.</param>
    public TurnedFilter(FrameAxes axes)
    {
        double stretch = Math.Max(axes.Scale, 1);
        double length = axes.Scale * stretch;
        (_rightX, _rightY) = ((float)(axes.RightX / length), (float)(axes.RightY / length));
        (_downX, _downY) = ((float)(axes.DownX / length), (float)(axes.DownY / length));
        Reach = (int)Math.Ceiling(2 * stretch * (Math.Abs(axes.RightX) + Math.Abs(axes.DownX)) / axes.Scale);
        _places = (int)Math.Clamp(Math.Ceiling(Places / stretch), FewestPlaces, Places);
        _lines = (2 * Reach) + 1;
        _columns = (_lines + GreyRegion.Padding - 1) / GreyRegion.Padding * GreyRegion.Padding;
        _weights = ArrayPool<float>.Shared.Rent(_places * _places * _lines * _columns);
        _known = new bool[_places * _places];
    }

    /// <summary>Pixels to each side of the centre's pixel that have a weight.</summary>
    public int Reach { get; }

    /// <summary>Returns the weighted mean of the pixels around a place.</summary>
    /// <param name="region">The pixels. Beside it lies nothing: the weights of the pixels that are there count.</param>
    /// <param name="x">Column, measured at pixel edges.</param>
    /// <param name="y">Line, measured at pixel edges.</param>
    public float Weigh(GreyRegion region, double x, double y)
    {
        (int column, int right) = Math.DivRem((int)Math.Round(x * _places), _places);
        (int line, int down) = Math.DivRem((int)Math.Round(y * _places), _places);
        ReadOnlySpan<float> weights = WeightsAt(right, down);
        (int left, int top) = (column - Reach, line - Reach);
        return left >= region.Left && left + _columns <= region.Right + GreyRegion.Padding && left + _lines <= region.Right && top >= region.Top && top + _lines <= region.Bottom
            ? Inside(region, weights, left, top)
            : AtBorder(region, weights, left, top);
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(_weights);

    private float Inside(GreyRegion region, ReadOnlySpan<float> weights, int left, int top)
    {
        Vector256<float> sum = default;
        ref float weight = ref MemoryMarshal.GetReference(weights);
        ref float grey = ref region.Grey[((top - region.Top) * region.Stride) + left - region.Left];
        nuint at = 0;
        for (int line = 0; line < _lines; line++)
        {
            nuint pixel = (nuint)(line * region.Stride);
            for (int column = 0; column < _columns; column += Vector256<float>.Count)
            {
                sum += Vector256.LoadUnsafe(ref weight, at) * Vector256.LoadUnsafe(ref grey, pixel + (nuint)column);
                at += (nuint)Vector256<float>.Count;
            }
        }

        return Vector256.Sum(sum);
    }

    private float AtBorder(GreyRegion region, ReadOnlySpan<float> weights, int left, int top)
    {
        (int from, int to) = (Math.Max(region.Left - left, 0), Math.Min(region.Right - left, _lines));
        float sum = 0;
        float all = 0;
        for (int line = Math.Max(region.Top - top, 0); line < _lines && top + line < region.Bottom; line++)
        {
            int at = ((top + line - region.Top) * region.Stride) + left - region.Left;
            for (int column = from; column < to; column++)
            {
                float weight = weights[(line * _columns) + column];
                sum += weight * region.Grey[at + column];
                all += weight;
            }
        }

        return sum / all;
    }

    /// <summary>Returns the weights of the pixels around a centre, line by line. They add up to one.</summary>
    /// <param name="right">How far the centre lies from its pixel's left edge, in units of the grid.</param>
    /// <param name="down">How far it lies from its pixel's top edge.</param>
    private ReadOnlySpan<float> WeightsAt(int right, int down)
    {
        int place = (down * _places) + right;
        Span<float> weights = _weights.AsSpan(place * _lines * _columns, _lines * _columns);
        if (_known[place])
            return weights;
        Vector256<float> sum = default;
        for (int line = 0; line < _lines; line++)
        {
            float y = line - Reach + 0.5f - ((float)down / _places);
            for (int column = 0; column < _columns; column += Vector256<float>.Count)
            {
                Vector256<float> x = Vector256.Create(column - Reach + 0.5f - ((float)right / _places)) + Vector256<float>.Indices;
                Vector256<float> weight = Cubic((x * _rightX) + Vector256.Create(y * _rightY)) * Cubic((x * _downX) + Vector256.Create(y * _downY));
                weight.CopyTo(weights[((line * _columns) + column)..]);
                sum += weight;
            }
        }

        float all = Vector256.Sum(sum);
        for (int i = 0; i < weights.Length; i++)
            weights[i] /= all;
        _known[place] = true;
        return weights;
    }

    private static Vector256<float> Cubic(Vector256<float> x)
    {
        x = Vector256.Abs(x);
        Vector256<float> near = (((x * 1.5f) - Vector256.Create(2.5f)) * x * x) + Vector256<float>.One;
        Vector256<float> far = (((((x * -0.5f) + Vector256.Create(2.5f)) * x) - Vector256.Create(4f)) * x) + Vector256.Create(2f);
        Vector256<float> within = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(2f)), far, default);
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.One), near, within);
    }
}
