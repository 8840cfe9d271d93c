namespace KeypointPipeline.Keypoints;

/// <summary>What a person states about mirror pairs: a list of them, or that there are none. It replaces what names or labels say.</summary>
/// <remarks>A keypoint alone in the list lies on one side and has no partner. Names that are not in the list stay themselves in a
/// mirrored image, unless they say a side: then they have no partner.</remarks>
public sealed class MirrorStatement
{
    /// <summary>The text that states that there are no pairs.</summary>
    public const string NoPairs = "none";

    private readonly IReadOnlyList<IReadOnlyList<string>> _groups;
    private readonly string _origin;

    /// <summary>Creates a statement.</summary>
    /// <param name="groups">Lists of two names, which are pairs, or of one name; empty states that there are no pairs.</param>
    /// <param name="origin">Where a person wrote it, for messages.</param>
    /// <exception cref="FormatException">A list has no name or more than two. The message says what is expected.</exception>
    public MirrorStatement(IReadOnlyList<IReadOnlyList<string>> groups, string origin)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.FirstOrDefault(group => group.Count is not (1 or 2) || group.Any(string.IsNullOrWhiteSpace)) is { } wrong)
            throw new FormatException($"{origin}: '{string.Join(':', wrong)}' is not a pair. Write two names for a pair, or one name for a keypoint without partner.");
        if (groups.Count > 0 && groups.All(group => group.Count == 1))
            throw new FormatException($"{origin}: there is no pair of two names. To mirror nothing, write {NoPairs}.");
        _groups = groups;
        _origin = origin;
    }

    /// <summary>Parses the text of an option: <c>none</c>, or pairs such as <c>eye_l:eye_r,brow_l:brow_r</c>.</summary>
    /// <param name="text">The text. Names with a comma or colon cannot be written in it.</param>
    /// <param name="origin">The option, for messages.</param>
    /// <exception cref="FormatException">The text has another form. The message says what is expected.</exception>
    public static MirrorStatement Parse(string text, string origin)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().Equals(NoPairs, StringComparison.OrdinalIgnoreCase)
            ? new MirrorStatement([], origin)
            : new MirrorStatement([.. text.Split(',').Select(group => group.Split(':', StringSplitOptions.TrimEntries))], origin);
    }

    /// <summary>Applies the statement to a schema's names, which compare as <see cref="KeypointNames"/> says.</summary>
    /// <exception cref="FormatException">The statement names a keypoint that is not in the schema, or names one twice.</exception>
    public MirrorPairs Apply(IReadOnlyList<string> names)
    {
        var index = new KeypointNames(names);
        var used = new HashSet<int>();
        List<string[]> groups = [.. _groups.Select(group => group.Select(Take).ToArray())];
        if (groups.Count == 0)
            return new MirrorPairs(MirrorPairs.User, []);
        (IReadOnlyList<MirrorPair> unlisted, IReadOnlyList<string> oneSided) = NamedMirrors.Find([.. names.Where((_, k) => !used.Contains(k))]);
        return new MirrorPairs(
            MirrorPairs.User,
            [.. groups.Where(group => group.Length == 2).Select(group => new MirrorPair(group[0], group[1]))],
            [
                .. groups.Where(group => group.Length == 1).Select(group => group[0]),
                .. unlisted.SelectMany(pair => new[] { pair.First, pair.Second }),
                .. oneSided,
            ]);

        string Take(string name)
        {
            int k = index.Find(name);
            if (k < 0)
                throw new FormatException($"{_origin}: '{name}' is not a keypoint. The keypoints are {string.Join(", ", names)}.");
            return used.Add(k) ? names[k] : throw new FormatException($"{_origin}: '{names[k]}' occurs twice. A keypoint has one partner.");
        }
    }
}
