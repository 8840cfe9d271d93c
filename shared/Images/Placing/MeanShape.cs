namespace KeypointPipeline.Images.Placing;

/// <summary>Computes the mean shape of instances by generalised Procrustes analysis: instances are scaled, turned and shifted onto the mean,
/// and the mean is computed again. Source: J. C. Gower, Generalized Procrustes analysis, 1975.</summary>
internal static class MeanShape
{
    private const int Rounds = 3;

    /// <summary>Digits behind the point. Manifests and models hold the shape as text, and finer digits change no pixel.</summary>
    private const int Digits = 5;

    /// <summary>Share of the most labelled points that an instance needs, if no instance is complete.</summary>
    private const double CompleteShare = 0.75;

    /// <summary>Computes the mean. It uses complete instances, or the most complete ones if there are none.</summary>
    /// <param name="instances">K·2 coordinates of each instance, in one order; NaN if unknown.</param>
    /// <returns>K·2 coordinates as <see cref="FramingShape.Points"/>, or null if no instance has two different points.</returns>
    public static double[]? Of(IReadOnlyCollection<float[]> instances)
    {
        int most = instances.Select(points => KnownPoints.Count(points)).DefaultIfEmpty().Max();
        int length = instances.FirstOrDefault()?.Length ?? 0;
        int needed = most * 2 == length ? most : (int)Math.Ceiling(CompleteShare * most);
        List<float[]> used = [.. instances.Where(points => KnownPoints.Count(points) >= needed && Extent.Of(points).Longer > 0)];
        if (used.Find(points => KnownPoints.Count(points) == most) is not float[] first || most < 2)
            return null;

        double[] mean = [.. first.Select(value => (double)value)];
        for (int round = 0; round < Rounds; round++)
            mean = Next(mean, used, isLast: round == Rounds - 1);
        for (int i = 0; i < mean.Length; i++)
            mean[i] = double.IsNaN(mean[i]) ? 0 : Math.Round(mean[i], Digits);
        return mean;
    }

    private static double[] Next(double[] mean, List<float[]> instances, bool isLast)
    {
        double[] sums = new double[mean.Length];
        int[] counts = new int[mean.Length / 2];
        (double along, double across) = (0, 0);
        foreach (float[] points in instances)
        {
            if (Similarity.Fit(mean, points) is not Similarity fit)
                continue;
            double scale = Math.Sqrt((fit.A * fit.A) + (fit.B * fit.B));
            (along, across) = (along + (fit.A / scale), across + (fit.B / scale));
            for (int k = 0; k < counts.Length; k++)
            {
                (double x, double y) = fit.Undo(points[2 * k], points[(2 * k) + 1]);
                if (double.IsNaN(x) || double.IsNaN(y))
                    continue;
                counts[k]++;
                sums[2 * k] += x;
                sums[(2 * k) + 1] += y;
            }
        }

        for (int i = 0; i < sums.Length; i++)
            sums[i] /= counts[i / 2];
        // The last mean stands as upright as the instances do on average.
        double length = Math.Sqrt((along * along) + (across * across));
        if (isLast && length > 0)
            Turn(sums, along / length, across / length);
        return Normalise(sums);
    }

    private static void Turn(double[] points, double cos, double sin)
    {
        for (int i = 0; i < points.Length; i += 2)
            (points[i], points[i + 1]) = ((cos * points[i]) - (sin * points[i + 1]), (sin * points[i]) + (cos * points[i + 1]));
    }

    private static double[] Normalise(double[] points)
    {
        Extent extent = Extent.None;
        for (int i = 0; i < points.Length; i += 2)
            extent = extent.With(points[i], points[i + 1]);
        (double x, double y) = ((extent.Left + extent.Right) / 2, (extent.Top + extent.Bottom) / 2);
        return [.. points.Select((value, i) => (value - (i % 2 == 0 ? x : y)) / extent.Longer)];
    }
}
