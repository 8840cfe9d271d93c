using SkiaSharp;

namespace KeypointPipeline.Images.Resampling;

/// <summary>Makes a grey frame of decoded colour pixels. It flattens, converts to grey and resamples in one pass over the lines.</summary>
internal static class FrameSampler
{
    /// <summary>Gives grey pixels of a line, from a column on.</summary>
    private delegate void GreyLine(int y, int column, Span<byte> grey);

    /// <summary>Samples an image in its stored orientation.</summary>
    /// <param name="pixels">Unpremultiplied RGBA.</param>
    /// <param name="columns">Resampling weights of the output columns.</param>
    /// <param name="rows">Resampling weights of the output rows.</param>
    /// <returns>Grey bytes of the frame, line by line.</returns>
    public static byte[] Sample(SKBitmap pixels, AxisWeights columns, AxisWeights rows)
    {
        byte[] frame = new byte[rows.Count * columns.Count];
        Sample(
            pixels.Height,
            (y, column, grey) => ToGrey(pixels.GetPixelSpan().Slice((y * pixels.RowBytes) + (column * 4), grey.Length * 4), grey),
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
            SampleLine(grey, firstColumn, columns, line);
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
        for (int x = 0; x < grey.Length; x++)
        {
            int luma = ((rgba[4 * x] * 19595) + (rgba[(4 * x) + 1] * 38470) + (rgba[(4 * x) + 2] * 7471) + 0x8000) >> 16;
            int alpha = rgba[(4 * x) + 3];
            grey[x] = (byte)(alpha == 255 ? luma : ((luma * alpha) + (255 * (255 - alpha)) + 127) / 255);
        }
    }

    private static void SampleLine(ReadOnlySpan<byte> grey, int firstColumn, AxisWeights columns, Span<float> line)
    {
        for (int output = 0; output < line.Length; output++)
        {
            ReadOnlySpan<float> weights = columns.Weights(output);
            ReadOnlySpan<byte> inputs = grey.Slice(columns.First(output) - firstColumn, weights.Length);
            float sum = 0;
            for (int i = 0; i < weights.Length; i++)
                sum += weights[i] * inputs[i];
            line[output] = sum;
        }
    }

    private static void AddLine(ReadOnlySpan<float> line, AxisWeights rows, int output, int y, Span<float> frame)
    {
        int i = y - rows.First(output);
        ReadOnlySpan<float> weights = rows.Weights(output);
        // Near the border the next row may end before this one.
        if (i >= weights.Length)
            return;
        float weight = weights[i];
        for (int x = 0; x < line.Length; x++)
            frame[x] += weight * line[x];
    }
}
