using System.Text.RegularExpressions;

namespace KeypointPipeline.Keypoints;

/// <summary>A keypoint name that says a side: <c>left</c>, <c>right</c>, <c>l</c> or <c>r</c> in any case as a word of its own. Words end
/// at <c>_</c>, <c>-</c>, <c>.</c>, white space, digits and camel-case humps.</summary>
/// <remarks>A name without such a word may begin a word with a side (<c>lefteye</c>, as in CelebA's list). If it only ends a word
/// (<c>eyeleft</c>, but also <c>upright</c>), the side counts if there is a partner. A name can have several sides, such as
/// <c>left_eye_right_corner</c>; all change in a mirrored image.</remarks>
internal sealed partial class SidedName
{
    private const string Left = "left";
    private const string Right = "right";

    private readonly string _name;
    private readonly Side[] _sides;

    private SidedName(string name, Side[] sides, bool isCertain)
    {
        _name = name;
        _sides = sides;
        IsCertain = isCertain;
    }

    /// <summary>Whether the first side is left.</summary>
    public bool IsLeft => _sides[0].IsLeft;

    /// <summary>Whether the name says a side even without a partner.</summary>
    public bool IsCertain { get; }

    /// <summary>Finds the sides in a name. Returns null if there are none.</summary>
    public static SidedName? Parse(string name)
    {
        IReadOnlyList<Match> words = Words().Matches(name);
        return Create(words.Select(WholeWord), isCertain: true)
            ?? Create(words.Select(word => Glued(word, atStart: true)), isCertain: true)
            ?? Create(words.Select(word => Glued(word, atStart: false)), isCertain: false);

        SidedName? Create(IEnumerable<Side?> found, bool isCertain)
        {
            Side[] sides = [.. found.OfType<Side>()];
            return sides.Length == 0 ? null : new SidedName(name, sides, isCertain);
        }
    }

    /// <summary>Gets the keys that a name and its partner share: first with the same spelling, then with the sides in the same place,
    /// then with the sides anywhere.</summary>
    public IReadOnlyList<string> Keys() =>
    [
        Key(rest => rest, side => $"\u0001{Mark(side)}{Style(side)}"),
        Key(KeypointName.Normalize, side => $"\u0001{Mark(side)}"),
        Key(KeypointName.Normalize, _ => "") + '\u0001' + string.Concat(_sides.Select(Mark)),
    ];

    /// <summary>Whether the letters l and r only number the names: the same name exists with k or q, which stand for no place.</summary>
    public bool IsAlphabetic(IReadOnlySet<string> names) =>
        Array.Exists(_sides, side => side.Length == 1 && (names.Contains(With(side, 'k')) || names.Contains(With(side, 'q'))));

    private static Side? WholeWord(Match word) => word.Value.ToLowerInvariant() switch
    {
        Left or "l" => new Side(word.Index, word.Length, IsLeft: true),
        Right or "r" => new Side(word.Index, word.Length, IsLeft: false),
        _ => null,
    };

    private static Side? Glued(Match word, bool atStart)
    {
        foreach (string side in (string[])[Left, Right])
        {
            if (atStart && word.Value.StartsWith(side, StringComparison.OrdinalIgnoreCase))
                return new Side(word.Index, side.Length, side == Left);
            if (!atStart && word.Value.EndsWith(side, StringComparison.OrdinalIgnoreCase))
                return new Side(word.Index + word.Length - side.Length, side.Length, side == Left);
        }

        return null;
    }

    private string Key(Func<string, string> rest, Func<Side, string> mark)
    {
        int start = 0;
        var parts = new List<string>();
        foreach (Side side in _sides)
        {
            parts.Add(rest(_name[start..side.Start]));
            parts.Add(mark(side));
            start = side.Start + side.Length;
        }

        return string.Concat(parts) + rest(_name[start..]);
    }

    /// <summary>The side relative to the first: the same for a name and its partner.</summary>
    private char Mark(Side side) => side.IsLeft == IsLeft ? '=' : '/';

    private string Style(Side side)
    {
        string word = _name.Substring(side.Start, side.Length);
        char letters = !word.Any(char.IsUpper) ? 'a' : !word.Any(char.IsLower) ? 'A' : 'x';
        return side.Length == 1 ? $"{letters}1" : $"{letters}";
    }

    private string With(Side side, char letter) =>
        _name[..side.Start] + (char.IsUpper(_name[side.Start]) ? char.ToUpperInvariant(letter) : letter) + _name[(side.Start + 1)..];

    /// <summary>Capitals that no small letter follows, a capitalised word, small letters, other letters.</summary>
    [GeneratedRegex(@"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{L}-[\p{Lu}\p{Ll}]]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();

    private sealed record Side(int Start, int Length, bool IsLeft);
}
