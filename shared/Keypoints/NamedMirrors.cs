namespace KeypointPipeline.Keypoints;

/// <summary>Finds left and right keypoints by name. See <see cref="SidedName"/> for the spellings.</summary>
internal static class NamedMirrors
{
    /// <summary>Pairs names.</summary>
    /// <returns>The pairs, left first, in the order of their first name; and the names that say a side and have no partner.</returns>
    public static (IReadOnlyList<MirrorPair> Pairs, IReadOnlyList<string> OneSided) Find(IReadOnlyList<string> names)
    {
        HashSet<string> all = new(names, StringComparer.Ordinal);
        List<Candidate> unpaired =
        [
            .. names.Select((name, index) => (Index: index, Sided: SidedName.Parse(name)))
                .Where(named => named.Sided?.IsAlphabetic(all) == false)
                .Select(named => new Candidate(named.Index, named.Sided!, named.Sided!.Keys())),
        ];
        var pairs = new List<(Candidate Left, Candidate Right)>();
        for (int pass = 0; pass < (unpaired.FirstOrDefault()?.Keys.Count ?? 0); pass++)
        {
            foreach (Candidate[] group in unpaired.GroupBy(candidate => candidate.Keys[pass], StringComparer.Ordinal).Select(g => g.ToArray()))
            {
                // More than two names are ambiguous.
                if (group.Length != 2 || group[0].Name.IsLeft == group[1].Name.IsLeft)
                    continue;
                pairs.Add(group[0].Name.IsLeft ? (group[0], group[1]) : (group[1], group[0]));
            }

            unpaired.RemoveAll(candidate => pairs.Exists(pair => pair.Left == candidate || pair.Right == candidate));
        }

        return (
            [.. pairs.OrderBy(pair => Math.Min(pair.Left.Index, pair.Right.Index)).Select(pair => new MirrorPair(names[pair.Left.Index], names[pair.Right.Index]))],
            [.. unpaired.Where(candidate => candidate.Name.IsCertain).Select(candidate => names[candidate.Index])]);
    }

    private sealed record Candidate(int Index, SidedName Name, IReadOnlyList<string> Keys);
}
