namespace KeypointPipeline.Datasets;

/// <summary>Decides from a row's split key alone whether the row is held out for validation. The choice is the same in every dataset
/// and every training, so a champion is never evaluated on rows that it was trained on.</summary>
public static class DatasetSplit
{
    /// <summary>The share of split keys that are held out.</summary>
    public const double ValidationShare = 0.1;

    /// <summary>Whether rows with this key are held out for validation.</summary>
    public static bool IsValidation(ulong splitKey)
    {
        // The finaliser of SplitMix64 mixes the key again, so that the choice does not depend on how the key was hashed.
        ulong z = splitKey + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53)) < ValidationShare;
    }
}
