namespace KeypointPipeline.Keypoints;

/// <summary>The keypoints that two schemas have in common, by name (<see cref="KeypointNames"/>). Order and frame make no difference.</summary>
public sealed class KeypointMatch
{
    private KeypointMatch(
        IReadOnlyList<int> toTarget, IReadOnlyList<int> toSource, IReadOnlyList<string> onlyInSource, IReadOnlyList<string> onlyInTarget)
    {
        ToTarget = toTarget;
        ToSource = toSource;
        OnlyInSource = onlyInSource;
        OnlyInTarget = onlyInTarget;
    }

    /// <summary>For each keypoint of the source, its index in the target; -1 if the target lacks it.</summary>
    public IReadOnlyList<int> ToTarget { get; }

    /// <summary>For each keypoint of the target, its index in the source; -1 if the source lacks it.</summary>
    public IReadOnlyList<int> ToSource { get; }

    /// <summary>Names of the source that the target lacks, as the source spells them.</summary>
    public IReadOnlyList<string> OnlyInSource { get; }

    /// <summary>Names of the target that the source lacks, as the target spells them.</summary>
    public IReadOnlyList<string> OnlyInTarget { get; }

    /// <summary>Matches two schemas. Each keypoint has at most one counterpart.</summary>
    /// <param name="source">For example a dataset's schema.</param>
    /// <param name="target">For example a model's schema.</param>
    public static KeypointMatch Between(KeypointSchema source, KeypointSchema target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var sourceNames = new KeypointNames(source.Names);
        var targetNames = new KeypointNames(target.Names);
        int[] toTarget = [.. source.Names.Select(targetNames.Find)];
        int[] toSource = [.. target.Names.Select(sourceNames.Find)];

        // Names that collide in one schema can find one keypoint of the other; only the name that is found back matches.
        int[] matchedTargets = [.. toTarget.Select((to, k) => to >= 0 && toSource[to] == k ? to : -1)];
        int[] matchedSources = [.. toSource.Select((to, k) => to >= 0 && toTarget[to] == k ? to : -1)];
        return new KeypointMatch(matchedTargets, matchedSources, Unmatched(source, matchedTargets), Unmatched(target, matchedSources));
    }

    private static string[] Unmatched(KeypointSchema schema, int[] matches) => [.. schema.Names.Where((_, k) => matches[k] < 0)];
}
