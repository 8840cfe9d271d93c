using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KeypointPipeline.Images.Codecs;
using SkiaSharp;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes the colour windows that face detectors take.</summary>
internal static class WindowSampler
{
    /// <summary>Pixels per pixel of the window that a level must have.</summary>
    public const double LeastScale = 1;

    private const int Colours = 3;

    /// <summary>Samples a window.</summary>
    /// <param name="level">The picture's pixels in its stored orientation.</param>
    /// <param name="columns">Weights of the window's columns, as <see cref="AxisWeights.CreateWindow"/> returns them.</param>
    /// <param name="rows">Weights of the window's rows.</param>
    /// <param name="orientation">How to turn the stored pixels upright.</param>
    /// <param name="rgb">Receives the upright window: colours from −1 to 1, line by line.</param>
    public static void Sample(PixelLevel level, AxisWeights columns, AxisWeights rows, Orientation orientation, Span<float> rgb)
    {
        int left = columns.First(0);
        var line = new Vector128<float>[Math.Max(columns.End - left, 0)];
        var window = new Vector128<float>[columns.Count];
        byte[] scratch = new byte[level.IsOpaque ? 0 : level.Width * 8];
        for (int row = 0; row < rows.Count; row++)
        {
            AddLines(level, rows.First(row), left, rows.Weights(row), MemoryMarshal.Cast<Vector128<float>, float>(line.AsSpan()), scratch);
            for (int column = 0; column < window.Length; column++)
                window[column] = (Weigh(line.AsSpan(columns.First(column) - left), columns.Weights(column)) / 127.5f) - Vector128<float>.One;
            Write(window, row, rows.Count, orientation, rgb);
        }
    }

    /// <summary>Adds the weighted colours of lines, two at a time, because reading and writing the sums takes longer than adding.</summary>
    private static void AddLines(PixelLevel level, int top, int left, ReadOnlySpan<float> weights, Span<float> sums, Span<byte> scratch)
    {
        sums.Clear();
        for (int i = 0; i < weights.Length; i += 2)
        {
            bool isLast = i + 1 == weights.Length;
            ReadOnlySpan<byte> first = level.FlatLine(top + i, scratch[..(scratch.Length / 2)]).Slice(left * 4, sums.Length);
            ReadOnlySpan<byte> second = isLast ? first : level.FlatLine(top + i + 1, scratch[(scratch.Length / 2)..]).Slice(left * 4, sums.Length);
            Add(first, weights[i], second, isLast ? 0 : weights[i + 1], sums);
        }
    }

    /// <summary>Adds the weighted colours of two lines.</summary>
    private static void Add(ReadOnlySpan<byte> first, float firstWeight, ReadOnlySpan<byte> second, float secondWeight, Span<float> sums)
    {
        Span<Vector256<float>> wide = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        int i = 0;
        for (; i + Vector128<byte>.Count <= first.Length; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> left1, Vector128<ushort> right1) = Vector128.Widen(Vector128.Create(first.Slice(i, Vector128<byte>.Count)));
            (Vector128<ushort> left2, Vector128<ushort> right2) = Vector128.Widen(Vector128.Create(second.Slice(i, Vector128<byte>.Count)));
            wide[i / 8] = wide[i / 8] + (ToSingle(left1) * firstWeight) + (ToSingle(left2) * secondWeight);
            wide[(i / 8) + 1] = wide[(i / 8) + 1] + (ToSingle(right1) * firstWeight) + (ToSingle(right2) * secondWeight);
        }

        for (; i < first.Length; i++)
            sums[i] = sums[i] + (first[i] * firstWeight) + (second[i] * secondWeight);
    }

    private static Vector256<float> ToSingle(Vector128<ushort> colours) =>
        Vector256.ConvertToSingle(Vector256.WidenLower(colours.ToVector256Unsafe()).AsInt32());

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

    private static void Write(ReadOnlySpan<Vector128<float>> window, int row, int rows, Orientation orientation, Span<float> rgb)
    {
        int columns = window.Length;
        bool isUpright = orientation.Origin == SKEncodedOrigin.TopLeft;
        for (int column = 0; column < columns; column++)
        {
            int place = (row * columns) + column;
            if (!isUpright)
            {
                (double x, double y) = orientation.ToUpright(column, row, columns, rows);
                place = ((int)y * (orientation.SwapsAxes ? rows : columns)) + (int)x;
            }

            Span<float> pixel = rgb.Slice(place * Colours, Colours);
            (pixel[0], pixel[1], pixel[2]) = (window[column][0], window[column][1], window[column][2]);
        }
    }
}
