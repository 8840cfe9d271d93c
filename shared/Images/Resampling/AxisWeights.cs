namespace KeypointPipeline.Images.Resampling;

/// <summary>Resampling weights of one axis: for each output pixel, the input pixels that contribute to it and their weights.</summary>
internal sealed class AxisWeights
{
    private readonly float[][] _weights;
    private readonly int[] _first;

    private AxisWeights(int[] first, float[][] weights)
    {
        _first = first;
        _weights = weights;
    }

    /// <summary>Number of output pixels.</summary>
    public int Count => _first.Length;

    /// <summary>Returns the index of the first input pixel that contributes to an output pixel.</summary>
    public int First(int output) => _first[output];

    /// <summary>Index behind the last input pixel that contributes to any output pixel.</summary>
    public int End => _first[^1] + _weights[^1].Length;

    /// <summary>Returns the weights of the input pixels from <see cref="First"/> on.</summary>
    public ReadOnlySpan<float> Weights(int output) => _weights[output];

    /// <summary>Computes the weights of Keys' cubic filter (a = −0.5), which PIL calls BICUBIC. When reducing, the filter is widened
    /// by the scale, to avoid aliasing. The weights of an output pixel add up to one.</summary>
    /// <remarks>The filter was chosen by measurement: of six filters, its results are nearest to the frames of the face data set.
    /// Source: R. Keys, Cubic convolution interpolation for digital image processing, 1981.</remarks>
    /// <param name="inputs">Number of input pixels.</param>
    /// <param name="outputs">Number of output pixels.</param>
    /// <param name="scale">Input pixels per output pixel.</param>
    /// <param name="offset">Number of output pixels before the edge of the input. Output pixels outside the input repeat its border.</param>
    /// <param name="extent">Number of input pixels that belong to the image, at most <paramref name="inputs"/>. It can be fractional.</param>
    public static AxisWeights Create(int inputs, int outputs, double scale, double offset, double extent)
    {
        double stretch = Math.Max(scale, 1);
        double reach = 2 * stretch;
        // Outside the image, repeat the nearest whole output pixel, not a single line of a much larger image.
        double margin = Math.Min(scale, extent) / 2;
        int[] first = new int[outputs];
        float[][] weights = new float[outputs][];
        double[] wide = new double[(int)Math.Ceiling(2 * reach) + 2];
        for (int output = 0; output < outputs; output++)
        {
            double centre = Math.Clamp((output + 0.5 - offset) * scale, margin, extent - margin);
            int from = Math.Max((int)Math.Floor(centre - reach), 0);
            int to = Math.Min((int)Math.Ceiling(centre + reach), inputs);
            double sum = 0;
            for (int input = from; input < to; input++)
                sum += wide[input - from] = Cubic((input + 0.5 - centre) / stretch);
            first[output] = from;
            weights[output] = Normalised(wide.AsSpan(0, to - from), sum);
        }

        return new AxisWeights(first, weights);
    }

    /// <summary>Computes the weights of a triangle, widened by the scale when reducing. Outside the image everything is 0: the weights of an
    /// output pixel add up to the share of its filter that lies on the image.</summary>
    /// <param name="inputs">Number of input pixels.</param>
    /// <param name="outputs">Number of output pixels.</param>
    /// <param name="scale">Input pixels per output pixel.</param>
    /// <param name="start">Position of the first output pixel's edge, in input pixels from the edge of the input.</param>
    /// <param name="extent">Number of input pixels that belong to the image, at most <paramref name="inputs"/>. It can be fractional.</param>
    public static AxisWeights CreateWindow(int inputs, int outputs, double scale, double start, double extent)
    {
        double reach = Math.Max(scale, 1);
        int[] first = new int[outputs];
        float[][] weights = new float[outputs][];
        double[] wide = new double[(int)Math.Ceiling(2 * reach) + 2];
        for (int output = 0; output < outputs; output++)
        {
            double centre = start + ((output + 0.5) * scale);
            double before = Math.Floor(centre - reach);
            int count = (int)(Math.Ceiling(centre + reach) - before);
            double sum = 0;
            for (int i = 0; i < count; i++)
                sum += wide[i] = Math.Max(0, 1 - (Math.Abs(before + i + 0.5 - centre) / reach));
            int skipped = (int)Math.Clamp(-before, 0, count);
            int kept = (int)Math.Clamp(inputs - before, skipped, count);
            first[output] = (int)Math.Clamp(before + skipped, 0, inputs);
            // The last input pixel may reach past the image's edge.
            if (kept > skipped && before + kept > extent)
                wide[kept - 1] *= extent - (before + kept - 1);
            weights[output] = Normalised(wide.AsSpan(skipped, kept - skipped), sum);
        }

        return new AxisWeights(first, weights);
    }

    private static float[] Normalised(ReadOnlySpan<double> wide, double sum)
    {
        float[] weights = new float[wide.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)(wide[i] / sum);
        return weights;
    }

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
            < 2 => (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2,
            _ => 0,
        };
    }
}
