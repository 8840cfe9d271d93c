using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Headers;

/// <summary>Finds the columns that say whether a keypoint was labelled: <c>nose_v</c>, <c>nose_visible</c>, <c>nose.likelihood</c>, <c>v0</c> …</summary>
internal static class VisibilityNames
{
    private static readonly string[] VisibleWords = ["visible", "visibility"];

    private static readonly string[] CertaintyWords = ["likelihood", "score", "confidence"];

    /// <summary>The words of such columns. If a keypoint has several, the first word counts.</summary>
    public static IReadOnlyList<string> Words { get; } = ["v", .. VisibleWords, .. CertaintyWords];

    /// <summary>Whether a column of this name says that a point is visible.</summary>
    public static bool SaysVisible(string name) => Has(name, VisibleWords);

    /// <summary>Whether a column of this name says how certain a point is.</summary>
    public static bool SaysCertainty(string name) => Has(name, CertaintyWords);

    /// <summary>Finds the columns.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="candidates">Indices of the columns that mean nothing else.</param>
    /// <param name="keypoints">The keypoints.</param>
    /// <returns>Per keypoint the index of its column, or -1.</returns>
    public static int[] Find(IReadOnlyList<string> names, IReadOnlyCollection<int> candidates, IReadOnlyList<KeypointColumns> keypoints)
    {
        int[] found = new int[keypoints.Count];
        Array.Fill(found, -1);
        var index = new KeypointNames([.. keypoints.Select(keypoint => keypoint.Name)]);
        foreach (string word in Words)
        {
            foreach (int column in candidates)
            {
                foreach (SpelledName spelled in SpelledName.Parse(names[column], word).Where(spelled => spelled.IsSure))
                {
                    if (index.Find(spelled.Keypoint) is int keypoint and >= 0 && found[keypoint] < 0)
                        found[keypoint] = column;
                }
            }
        }

        return found;
    }

    private static bool Has(string name, string[] words) =>
        Array.Exists(words, word => SpelledName.IsBare(name, word) || SpelledName.Parse(name, word).Any(spelled => spelled.IsSure));
}
