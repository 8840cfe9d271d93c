namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Draws some of a dataset's rows. The same seed draws the same rows, on every machine.</summary>
internal static class RowDraw
{
    /// <summary>Draws rows without repetition: the first part of a Fisher-Yates shuffle with SplitMix64.</summary>
    /// <param name="rows">The rows to draw from.</param>
    /// <param name="count">Number of rows to draw.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The drawn rows, in ascending order.</returns>
    /// <exception cref="InvalidDataException">There are fewer rows.</exception>
    public static int[] Draw(IReadOnlyList<int> rows, int count, int seed)
    {
        if (count > rows.Count)
            throw new InvalidDataException($"The entry learns from {count:N0} rows, but there are {rows.Count:N0}. Leave it out with --only.");
        int[] all = [.. rows];
        ulong state = (ulong)seed;
        for (int i = 0; i < count; i++)
        {
            int j = i + (int)(Next(ref state) % (ulong)(all.Length - i));
            (all[i], all[j]) = (all[j], all[i]);
        }

        Array.Sort(all, 0, count);
        return all[..count];
    }

    private static ulong Next(ref ulong state)
    {
        ulong z = unchecked(state += 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
