namespace KeypointPipeline.Datasets;

/// <summary>The split of earlier versions, which wrote no row plan: a row's split key alone decided whether the row was held out for
/// validation.</summary>
public static class DatasetSplit
{
    /// <summary>The share of split keys that are held out.</summary>
    public const double ValidationShare = 0.1;

    /// <summary>Whether rows with this key are held out for validation.</summary>
    public static bool IsValidation(ulong splitKey) => (Mix(splitKey) >> 11) * (1.0 / (1UL << 53)) < ValidationShare;

    /// <summary>Mixes a key again with the finaliser of SplitMix64, so that an order by the result does not depend on how the key was
    /// hashed.</summary>
    internal static ulong Mix(ulong key)
    {
        ulong z = key + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
