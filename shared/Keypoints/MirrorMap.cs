namespace KeypointPipeline.Keypoints;

/// <summary>Pairs left and right keypoints by name, so that images can be flipped.</summary>
internal static class MirrorMap
{
    /// <summary>Finds each keypoint's partner: exchanges the words <c>left</c> and <c>right</c> in its name, where underscores separate
    /// words. A keypoint maps to itself if its name has no such word or its partner is not in the schema.</summary>
    public static int[] Create(IReadOnlyList<string> names)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int k = 0; k < names.Count; k++)
            index[names[k]] = k;
        var mirror = new int[names.Count];
        for (int k = 0; k < names.Count; k++)
            mirror[k] = index.TryGetValue(Swap(names[k]), out int partner) ? partner : k;
        return mirror;
    }

    private static string Swap(string name)
    {
        string[] words = name.Split('_');
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = words[i] switch
            {
                "left" => "right",
                "right" => "left",
                "Left" => "Right",
                "Right" => "Left",
                string other => other,
            };
        }

        return string.Join('_', words);
    }
}
