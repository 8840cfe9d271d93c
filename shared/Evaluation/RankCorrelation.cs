namespace KeypointPipeline.Evaluation;

/// <summary>Spearman's rank correlation: how well two lists agree on the order of their items, whatever their scales. 1 means the same
/// order, 0 no common order, −1 the opposite order.</summary>
internal static class RankCorrelation
{
    /// <summary>Computes Pearson's correlation of the ranks. Equal values share their mean rank.</summary>
    /// <param name="first">The first list.</param>
    /// <param name="second">The second list, of the same length.</param>
    /// <returns>−1 to 1; null if a list does not have two different values.</returns>
    public static double? Between(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] a = Ranks(first);
        double[] b = Ranks(second);
        double mean = (a.Length - 1) / 2.0;
        double together = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            together += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }

        return squaresA == 0 || squaresB == 0 ? null : together / Math.Sqrt(squaresA * squaresB);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values];
        int[] places = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, places);
        double[] ranks = new double[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            for (int i = start; i < end; i++)
                ranks[places[i]] = (start + end - 1) / 2.0;
        }

        return ranks;
    }
}
