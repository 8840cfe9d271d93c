using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes a grey frame of decoded colour pixels. It flattens, converts to grey and resamples in one pass over the lines.</summary>
internal static class FrameSampler
{
    /// <summary>Gives grey pixels of a line, from a column on.</summary>
    private delegate void GreyLine(int y, int column, Span<byte> grey);

    /// <summary>Samples an image in its stored orientation.</summary>
    /// <param name="pixels">The decoded pixels.</param>
    /// <param name="columns">Resampling weights of the output columns.</param>
    /// <param name="rows">Resampling weights of the output rows.</param>
    /// <returns>Grey bytes of the frame, line by line.</returns>
    public static byte[] Sample(PixelLevel pixels, AxisWeights columns, AxisWeights rows)
    {
        byte[] frame = new byte[rows.Count * columns.Count];
        Sample(
            pixels.Height,
            (y, column, grey) => ToGrey(pixels.Line(y).Slice(column * 4, grey.Length * 4), grey),
            columns,
            rows,
            frame);
        return frame;
    }

    /// <summary>Samples a grey image.</summary>
    /// <param name="pixels">Grey bytes, line by line.</param>
    /// <param name="width">Pixels in a line.</param>
    /// <param name="columns">Resampling weights of the output columns.</param>
    /// <param name="rows">Resampling weights of the output rows.</param>
    /// <param name="frame">Receives the grey bytes of the frame, line by line.</param>
    public static void Sample(ReadOnlyMemory<byte> pixels, int width, AxisWeights columns, AxisWeights rows, Span<byte> frame) =>
        Sample(
            pixels.Length / width,
            (y, column, grey) => pixels.Span.Slice((y * width) + column, grey.Length).CopyTo(grey),
            columns,
            rows,
            frame);

    private static void Sample(int height, GreyLine read, AxisWeights columns, AxisWeights rows, Span<byte> bytes)
    {
        float[] frame = new float[rows.Count * columns.Count];
        // A crop reads only its own columns and lines.
        int firstColumn = columns.First(0);
        byte[] grey = new byte[columns.End - firstColumn];
        float[] inputs = new float[grey.Length];
        float[] line = new float[columns.Count];
        int firstOpen = 0;
        for (int y = rows.First(0); y < height; y++)
        {
            while (firstOpen < rows.Count && rows.First(firstOpen) + rows.Weights(firstOpen).Length <= y)
                firstOpen++;
            if (firstOpen == rows.Count)
                break;
            if (rows.First(firstOpen) > y)
                continue;
            read(y, firstColumn, grey);
            for (int x = 0; x < inputs.Length; x++)
                inputs[x] = grey[x];
            SampleLine(inputs, firstColumn, columns, line);
            for (int output = firstOpen; output < rows.Count && rows.First(output) <= y; output++)
                AddLine(line, rows, output, y, frame.AsSpan(output * line.Length, line.Length));
        }

        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = ToByte(frame[i]);
    }

    /// <summary>Rounds a grey value. The filter's negative lobes can exceed the range of a byte.</summary>
    public static byte ToByte(float grey) => (byte)Math.Clamp((int)MathF.Round(grey, MidpointRounding.AwayFromZero), 0, 255);

    /// <summary>Flattens transparency onto white and converts colours to grey by ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B. It uses
    /// 16-bit fixed-point weights, as PIL and OpenCV do.</summary>
    public static void ToGrey(ReadOnlySpan<byte> rgba, Span<byte> grey)
    {
        int start = ToGreyIfOpaque(rgba, grey);
        for (int x = start; x < grey.Length; x++)
        {
            int luma = ((rgba[4 * x] * 19595) + (rgba[(4 * x) + 1] * 38470) + (rgba[(4 * x) + 2] * 7471) + 0x8000) >> 16;
            int alpha = rgba[(4 * x) + 3];
            grey[x] = (byte)(alpha == 255 ? luma : ((luma * alpha) + (255 * (255 - alpha)) + 127) / 255);
        }
    }

    /// <summary>Converts pixels, eight at a time, up to the first eight of which one is transparent.</summary>
    /// <returns>How many were converted.</returns>
    private static int ToGreyIfOpaque(ReadOnlySpan<byte> rgba, Span<byte> grey)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(rgba);
        int x = 0;
        for (; x + Vector256<uint>.Count <= grey.Length; x += Vector256<uint>.Count)
        {
            Vector256<uint> pixel = Vector256.Create(pixels.Slice(x, Vector256<uint>.Count));
            if ((pixel >>> 24) != Vector256.Create(255u))
                break;
            Vector256<uint> colour = Vector256.Create(255u);
            Vector256<uint> luma = ((pixel & colour) * 19595u) + (((pixel >>> 8) & colour) * 38470u) + (((pixel >>> 16) & colour) * 7471u) + Vector256.Create(0x8000u);
            Vector128<ushort> words = Vector128.Narrow((luma >>> 16).GetLower(), (luma >>> 16).GetUpper());
            MemoryMarshal.Write(grey[x..], Vector128.Narrow(words, words).AsUInt64().ToScalar());
        }

        return x;
    }

    /// <summary>Weighs the pixels of a line. Four sums run side by side, because each waits for its own last addition.</summary>
    private static void SampleLine(ReadOnlySpan<float> inputs, int firstColumn, AxisWeights columns, Span<float> line)
    {
        int output = 0;
        for (; output + 4 <= line.Length; output += 4)
        {
            ReadOnlySpan<float> weights0 = columns.Weights(output);
            ReadOnlySpan<float> weights1 = columns.Weights(output + 1);
            ReadOnlySpan<float> weights2 = columns.Weights(output + 2);
            ReadOnlySpan<float> weights3 = columns.Weights(output + 3);
            ReadOnlySpan<float> inputs0 = inputs.Slice(columns.First(output) - firstColumn, weights0.Length);
            ReadOnlySpan<float> inputs1 = inputs.Slice(columns.First(output + 1) - firstColumn, weights1.Length);
            ReadOnlySpan<float> inputs2 = inputs.Slice(columns.First(output + 2) - firstColumn, weights2.Length);
            ReadOnlySpan<float> inputs3 = inputs.Slice(columns.First(output + 3) - firstColumn, weights3.Length);
            int common = Math.Min(Math.Min(weights0.Length, weights1.Length), Math.Min(weights2.Length, weights3.Length));
            (float sum0, float sum1, float sum2, float sum3) = (0, 0, 0, 0);
            for (int i = 0; i < common; i++)
            {
                sum0 += weights0[i] * inputs0[i];
                sum1 += weights1[i] * inputs1[i];
                sum2 += weights2[i] * inputs2[i];
                sum3 += weights3[i] * inputs3[i];
            }

            line[output] = Add(sum0, weights0[common..], inputs0[common..]);
            line[output + 1] = Add(sum1, weights1[common..], inputs1[common..]);
            line[output + 2] = Add(sum2, weights2[common..], inputs2[common..]);
            line[output + 3] = Add(sum3, weights3[common..], inputs3[common..]);
        }

        for (; output < line.Length; output++)
            line[output] = Add(0, columns.Weights(output), inputs[(columns.First(output) - firstColumn)..]);
    }

    private static float Add(float sum, ReadOnlySpan<float> weights, ReadOnlySpan<float> inputs)
    {
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * inputs[i];
        return sum;
    }

    private static void AddLine(ReadOnlySpan<float> line, AxisWeights rows, int output, int y, Span<float> frame)
    {
        int i = y - rows.First(output);
        ReadOnlySpan<float> weights = rows.Weights(output);
        // Near the border the next row may end before this one.
        if (i >= weights.Length)
            return;
        float weight = weights[i];
        int x = 0;
        for (; x + Vector<float>.Count <= line.Length; x += Vector<float>.Count)
            (new Vector<float>(frame[x..]) + (new Vector<float>(line[x..]) * weight)).CopyTo(frame[x..]);
        for (; x < line.Length; x++)
            frame[x] += weight * line[x];
    }
}
