using FsCheck.Xunit;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Shared.Tests.Keypoints;

public sealed class MirrorNameProperties
{
    /// <summary>Words without a side, also some that contain left, right, l or r.</summary>
    private static readonly string[] Words =
        ["eye", "lips", "nose", "ridge", "corner", "upright", "cleft", "lower", "brow", "inner", "alar", "pupil", "lid", "rim", "2", "17"];

    private static readonly string[] Separators = ["_", "-", ".", " "];

    [Property(MaxTest = 500)]
    public bool Both_sides_of_any_name_in_any_spelling_are_a_pair(byte[] words, byte spelling, byte place, byte separator)
    {
        string[] parts = [.. words.Take(4).Select(w => Words[w % Words.Length])];
        string left = Spell(parts, "left", spelling, place, separator);
        string right = Spell(parts, "right", spelling, place, separator);
        var schema = new KeypointSchema([right, "middle", left], 8, 8);

        return schema.MirrorMap.SequenceEqual([2, 1, 0]) && schema.Mirror.Pairs[0] == new MirrorPair(left, right);
    }

    [Property(MaxTest = 300)]
    public bool Mirroring_twice_gives_every_keypoint_back(string[] words, byte[] choices)
    {
        string[] names = [.. words.Where(word => word?.Length > 0)
            .Concat(choices.Select(c => Words[c % Words.Length]))
            .SelectMany((w, i) => new[] { $"left_{w}", $"{w}_right", $"L{w}", $"{w}R", w, Spell([w], "left", (byte)i, (byte)i, 0) })
            .Append("nose")
            .Where(name => KeypointName.FindProblem(name) is null)
            .Distinct(StringComparer.Ordinal)];
        var schema = new KeypointSchema(names, 96, 96);

        return Enumerable.Range(0, names.Length).All(k => schema.MirrorMap[schema.MirrorMap[k]] == k)
            && schema.OneSided.All(k => schema.MirrorMap[k] == k);
    }

    [Property(MaxTest = 300)]
    public bool Names_without_a_side_map_to_themselves(byte[][] words, byte separator)
    {
        string[] names = [.. words.Where(w => w?.Length > 0)
            .Select(w => string.Join(Separators[separator % Separators.Length], w.Take(6).Select(i => Words[i % Words.Length])))
            .Append("nose")
            .Distinct(StringComparer.Ordinal)];
        var schema = new KeypointSchema(names, 96, 96);

        return !schema.CanMirror && schema.MirrorMap.SequenceEqual(Enumerable.Range(0, names.Length)) && schema.OneSided.Count == 0;
    }

    /// <summary>A name of the words with the side at some place: as a word or a letter, in small letters, capitals or camel case.</summary>
    private static string Spell(string[] words, string side, byte spelling, byte place, byte separator)
    {
        string word = spelling % 2 == 0 ? side : side[..1];
        List<string> all = [.. words];
        all.Insert(place % (words.Length + 1), word);
        string joined = Separators[separator % Separators.Length];
        return (spelling / 2 % 4) switch
        {
            0 => string.Join(joined, all),
            1 => string.Join(joined, all).ToUpperInvariant(),
            2 => string.Join(joined, all.Select(Title)),
            _ => string.Concat(all.Select(Title)),
        };
    }

    private static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
