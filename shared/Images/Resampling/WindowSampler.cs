using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KeypointPipeline.Images.Codecs;
using SkiaSharp;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes the colour windows that face detectors take.</summary>
internal static class WindowSampler
{
    /// <summary>Pixels per pixel of the window that a level must have.</summary>
    public const double LeastScale = 2;

    private const int Colours = 3;

    /// <summary>Samples a square window.</summary>
    /// <param name="level">The picture's pixels in its stored orientation.</param>
    /// <param name="columns">Weights of the window's columns, as <see cref="AxisWeights.CreateWindow"/> returns them.</param>
    /// <param name="rows">Weights of the window's rows; as many as columns.</param>
    /// <param name="orientation">How to turn the stored pixels upright.</param>
    /// <param name="rgb">Receives the upright window: colours from −1 to 1, line by line.</param>
    public static void Sample(PixelLevel level, AxisWeights columns, AxisWeights rows, Orientation orientation, Span<float> rgb)
    {
        int side = columns.Count;
        int left = columns.First(0);
        var line = new Vector128<float>[Math.Max(columns.End - left, 0)];
        var window = new Vector128<float>[side];
        byte[] scratch = new byte[level.IsOpaque ? 0 : level.Width * 4];
        for (int row = 0; row < side; row++)
        {
            Span<float> sums = MemoryMarshal.Cast<Vector128<float>, float>(line.AsSpan());
            sums.Clear();
            ReadOnlySpan<float> weights = rows.Weights(row);
            for (int i = 0; i < weights.Length; i++)
                Add(level.FlatLine(rows.First(row) + i, scratch).Slice(left * 4, sums.Length), weights[i], sums);
            for (int column = 0; column < side; column++)
                window[column] = (Weigh(line.AsSpan(columns.First(column) - left), columns.Weights(column)) / 127.5f) - Vector128<float>.One;
            Write(window, row, orientation, rgb);
        }
    }

    /// <summary>Adds the weighted colours of a line.</summary>
    private static void Add(ReadOnlySpan<byte> line, float weight, Span<float> sums)
    {
        int i = 0;
        for (; i + Vector128<byte>.Count <= line.Length; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> first, Vector128<ushort> second) = Vector128.Widen(Vector128.Create(line.Slice(i, Vector128<byte>.Count)));
            Add(first, weight, sums[i..]);
            Add(second, weight, sums[(i + 8)..]);
        }

        for (; i < line.Length; i++)
            sums[i] += line[i] * weight;
    }

    private static void Add(Vector128<ushort> colours, float weight, Span<float> sums)
    {
        (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(colours);
        Span<Vector128<float>> sum = MemoryMarshal.Cast<float, Vector128<float>>(sums[..8]);
        sum[0] += Vector128.ConvertToSingle(first.AsInt32()) * weight;
        sum[1] += Vector128.ConvertToSingle(second.AsInt32()) * weight;
    }

    private static Vector128<float> Weigh(ReadOnlySpan<Vector128<float>> line, ReadOnlySpan<float> weights)
    {
        Vector128<float> even = default;
        Vector128<float> odd = default;
        int i = 0;
        for (; i + 2 <= weights.Length; i += 2)
        {
            even += line[i] * weights[i];
            odd += line[i + 1] * weights[i + 1];
        }

        return i < weights.Length ? even + odd + (line[i] * weights[i]) : even + odd;
    }

    private static void Write(ReadOnlySpan<Vector128<float>> window, int row, Orientation orientation, Span<float> rgb)
    {
        int side = window.Length;
        bool isUpright = orientation.Origin == SKEncodedOrigin.TopLeft;
        for (int column = 0; column < side; column++)
        {
            (double x, double y) = isUpright ? (column, row) : orientation.ToUpright(column, row, side, side);
            Span<float> pixel = rgb.Slice((((int)y * side) + (int)x) * Colours, Colours);
            (pixel[0], pixel[1], pixel[2]) = (window[column][0], window[column][1], window[column][2]);
        }
    }
}
