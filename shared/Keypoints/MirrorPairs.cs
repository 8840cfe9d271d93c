using System.Text.Json.Serialization;

namespace KeypointPipeline.Keypoints;

/// <summary>What becomes of each keypoint in a mirrored image: pairs change places, keypoints on one side without partner are missing,
/// and the others stay themselves. Where no pairs are known, nothing is mirrored.</summary>
public sealed class MirrorPairs
{
    /// <summary>Value of <see cref="Source"/>: the names say the sides.</summary>
    public const string Names = "names";

    /// <summary>Value of <see cref="Source"/>: a person stated the pairs, or stated that there are none.</summary>
    public const string User = "user";

    /// <summary>Value of <see cref="Source"/>: no pairs are known.</summary>
    public const string Unknown = "none";

    private const int ShownPairs = 12;

    /// <summary>Creates pairs. <see cref="KeypointSchema"/> checks that its keypoints have these names.</summary>
    /// <param name="source">Where they come from: <see cref="Names"/>, <see cref="User"/>, <see cref="Unknown"/>, or the name of a
    /// published point order such as <c>68 iBUG</c>.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="oneSided">Names of the keypoints on one side that have no partner; null for none.</param>
    /// <exception cref="ArgumentException">The source is empty, or a pair is null.</exception>
    public MirrorPairs(string source, IReadOnlyList<MirrorPair> pairs, IReadOnlyList<string>? oneSided = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Any(pair => pair is null))
            throw new ArgumentException("A mirror pair is missing.", nameof(pairs));
        Source = source;
        Pairs = [.. pairs];
        OneSided = [.. oneSided ?? []];
    }

    /// <summary>Gets the pairs of a schema for which none are known.</summary>
    public static MirrorPairs None { get; } = new(Unknown, []);

    /// <summary>Where the pairs come from.</summary>
    public string Source { get; }

    /// <summary>The pairs.</summary>
    public IReadOnlyList<MirrorPair> Pairs { get; }

    /// <summary>Names of the keypoints on one side that have no partner.</summary>
    public IReadOnlyList<string> OneSided { get; }

    /// <summary>Finds the pairs in names with a side: the words left, right, l and r in any case, for example <c>left_eye</c>,
    /// <c>eye_l</c>, <c>LeftEye</c>, <c>r-eye</c>. Returns <see cref="None"/> if no two names differ in their sides only.</summary>
    /// <param name="names">The names of a schema.</param>
    public static MirrorPairs FromNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        (IReadOnlyList<MirrorPair> pairs, IReadOnlyList<string> oneSided) = NamedMirrors.Find(names);
        return pairs.Count == 0 ? None : new MirrorPairs(Names, pairs, oneSided);
    }

    /// <summary>Chooses the pairs of a model that learns from several datasets: the newest statement of a person, else the pairs in the
    /// names, else the newest published order. Names that the chosen dataset lacks are paired by name.</summary>
    /// <param name="names">The model's keypoint names, which include those of the datasets in any spelling.</param>
    /// <param name="newestFirst">Schemas of the datasets.</param>
    public static MirrorPairs Combine(IReadOnlyList<string> names, IReadOnlyList<KeypointSchema> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        MirrorPairs named = FromNames(names);
        KeypointSchema? chosen = newestFirst.FirstOrDefault(schema => schema.Mirror.Source == User)
            ?? (named.Pairs.Count > 0 ? null : newestFirst.FirstOrDefault(schema => schema.CanMirror));
        if (chosen is null)
            return named;

        var index = new KeypointNames(names);
        var own = new KeypointNames(chosen.Names);
        (IReadOnlyList<MirrorPair> others, IReadOnlyList<string> otherSides) = NamedMirrors.Find([.. names.Where(name => own.Find(name) < 0)]);
        return new MirrorPairs(
            chosen.Mirror.Source,
            [
                .. chosen.Mirror.Pairs.Select(pair => (First: index.Find(pair.First), Second: index.Find(pair.Second)))
                    .Where(pair => pair is { First: >= 0, Second: >= 0 })
                    .Select(pair => new MirrorPair(names[pair.First], names[pair.Second])),
                .. others,
            ],
            [.. chosen.Mirror.OneSided.Select(index.Find).Where(k => k >= 0).Select(k => names[k]), .. otherSides]);
    }

    /// <summary>The number of pairs and where they come from, for example <c>2 mirror pairs from the names</c>.</summary>
    [JsonIgnore]
    public string Summary => (Pairs.Count, Source) switch
    {
        (0, User) => "no mirror pairs, as stated: nothing is mirrored",
        (0, _) => "no mirror pairs are known: nothing is mirrored",
        (1, _) => $"1 mirror pair {Origin}",
        _ => $"{Pairs.Count} mirror pairs {Origin}",
    };

    private string Origin => Source switch
    {
        Names => "from the names",
        User => "as stated",
        string order => $"in the order of {order}",
    };

    /// <summary>Describes the pairs in one line, for example <c>2 mirror pairs from the names: left_eye:right_eye, …</c>.</summary>
    public override string ToString()
    {
        if (Pairs.Count == 0)
            return Summary;
        string more = Pairs.Count > ShownPairs ? $" and {Pairs.Count - ShownPairs} more" : "";
        string oneSided = OneSided.Count == 0 ? "" : $"; missing in mirrored images, because they have no partner: {string.Join(", ", OneSided)}";
        return $"{Summary}: {string.Join(", ", Pairs.Take(ShownPairs))}{more}{oneSided}";
    }

    /// <summary>Looks up the names.</summary>
    /// <returns>For each name, the index of its partner or its own; and the indices of <see cref="OneSided"/>.</returns>
    /// <exception cref="ArgumentException">A name is not among <paramref name="names"/>, or occurs twice in the pairs.</exception>
    internal (int[] Map, int[] OneSided) IndicesIn(IReadOnlyList<string> names)
    {
        Dictionary<string, int> unused = names.Select((name, k) => (name, k)).ToDictionary(StringComparer.Ordinal);
        int[] map = [.. Enumerable.Range(0, names.Count)];
        foreach (MirrorPair pair in Pairs)
        {
            int first = Take(pair.First);
            int second = Take(pair.Second);
            (map[first], map[second]) = (second, first);
        }

        return (map, [.. OneSided.Select(Take)]);

        int Take(string name) => unused.Remove(name, out int k)
            ? k
            : throw new ArgumentException($"The mirror pairs name '{name}', which is not a keypoint of the schema or occurs twice.", nameof(names));
    }
}
