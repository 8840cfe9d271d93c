using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KeypointPipeline.Images.Codecs;

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
        var window = new Vector128<float>[side * side];
        int left = columns.First(0);
        var line = new Vector128<float>[Math.Max(columns.End - left, 0)];
        var sampled = new Vector128<float>[side];
        int firstOpen = 0;
        for (int y = rows.First(0); line.Length > 0 && y < rows.End; y++)
        {
            while (rows.First(firstOpen) + rows.Weights(firstOpen).Length <= y)
                firstOpen++;
            Read(level, y, left, line);
            for (int column = 0; column < side; column++)
                sampled[column] = Weigh(line.AsSpan(columns.First(column) - left), columns.Weights(column));
            for (int row = firstOpen; row < side && rows.First(row) <= y; row++)
            {
                if (y - rows.First(row) < rows.Weights(row).Length)
                    Add(sampled, rows.Weights(row)[y - rows.First(row)], window.AsSpan(row * side, side));
            }
        }

        for (int i = 0; i < window.Length; i++)
        {
            (int column, int row) = orientation.ToStored(i % side, i / side, side, side);
            Vector128<float> colour = (window[(row * side) + column] / 127.5f) - Vector128<float>.One;
            (rgb[Colours * i], rgb[(Colours * i) + 1], rgb[(Colours * i) + 2]) = (colour[0], colour[1], colour[2]);
        }
    }

    private static void Read(PixelLevel level, int y, int left, Span<Vector128<float>> line)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(level.Line(y)).Slice(left, line.Length);
        for (int x = 0; x < line.Length; x++)
        {
            Vector128<byte> bytes = Vector128.CreateScalar(pixels[x]).AsByte();
            Vector128<float> rgba = Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
            if (!level.IsOpaque)
            {
                // On white.
                float alpha = rgba[3] / 255;
                rgba = (rgba * alpha) + Vector128.Create(255 * (1 - alpha));
            }

            line[x] = rgba;
        }
    }

    private static Vector128<float> Weigh(ReadOnlySpan<Vector128<float>> line, ReadOnlySpan<float> weights)
    {
        Vector128<float> sum = default;
        for (int i = 0; i < weights.Length; i++)
            sum += line[i] * weights[i];
        return sum;
    }

    private static void Add(ReadOnlySpan<Vector128<float>> sampled, float weight, Span<Vector128<float>> row)
    {
        for (int column = 0; column < row.Length; column++)
            row[column] += sampled[column] * weight;
    }
}
