using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Labels;

/// <summary>Damage to label files that are text: other values, other structure, paths that lead elsewhere.</summary>
internal static class LabelMutations
{
    private static readonly string[] Values =
    [
        "", "NaN", "nan", "inf", "-1", "-0", "0", "1e999", "-1e-400", "99999999999999999999", "0x10", "1,5", "true", "null", "[]", "{}", "[[]]", "\"x\"", "=1+1", "@SUM(A1)",
        "../../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "\\\\host\\share\\a.png", "http://example.org/a.png", "%2e%2e/a.png", "A.PNG", "./a.png", "b.png", "nothing.png",
        "\u202e", "\u0000", "\ud83d\ude00", "&lt;", "&e;", "*a", "!!binary aGk=", "<!--", "]]>", "\\u0041", "\\ud800",
    ];

    private static readonly string[] Openers = ["[", "{", "{\"a\":", "<a>", "<a b='", "\"", "(", "- ", "? ", "&a [*a,", "|\n "];

    private static readonly string[] Starts =
    [
        "<!DOCTYPE dataset [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY e \"&a;&a;&a;&a;\">]>", "<?xml version='1.1'?>", "\uFEFF", "---\n",
        "%YAML 1.2\n---\n", "#", "sep=;\n", "\n\n\n",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("another value", (file, random) => ReplaceToken(file, random, _ => random.OneOf(Values))),
        new("a value of another place", (file, random) => ReplaceToken(file, random, tokens => random.OneOf(tokens))),
        new("a very long value", (file, random) => ReplaceToken(file, random, _ => new string(random.OneOf(["9", "a", " ", "\""])[0], random.Next(1, 200_000)))),
        new("one value everywhere", ReplaceEverywhere),
        new("deep nesting", (file, random) => ByteEdits.Insert(
            file, random.Next(file.Length + 1), ByteEdits.Repeat(Encoding.UTF8.GetBytes(random.OneOf(Openers)), random.Next(1, 20_000)))),
        new("another start", (file, random) => [.. Encoding.UTF8.GetBytes(random.OneOf(Starts)), .. file]),
        new("a line taken out", (file, random) => Lines(file, random, (lines, at) => lines.RemoveAt(at))),
        new("a line twice", (file, random) => Lines(file, random, (lines, at) => lines.Insert(at, lines[at]))),
        new("a line moved", (file, random) => Lines(file, random, (lines, at) =>
        {
            string line = lines[at];
            lines.RemoveAt(at);
            lines.Insert(random.Next(lines.Count + 1), line);
        })),
        new("another kind of line end", (file, random) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace("\n", random.OneOf(["\r\n", "\r", "\n\n"]), StringComparison.Ordinal))),
        new("UTF-16", (file, _) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(file))]),
    ];

    private static byte[] ReplaceToken(byte[] file, Random random, Func<IReadOnlyList<string>, string> by)
    {
        string text = Encoding.Latin1.GetString(file);
        List<Range> places = Tokens(text);
        if (places.Count == 0)
            return file;
        string[] tokens = [.. places.Select(place => text[place])];
        (int start, int length) = random.OneOf(places).GetOffsetAndLength(text.Length);
        return [.. file[..start], .. Encoding.UTF8.GetBytes(by(tokens)), .. file[(start + length)..]];
    }

    private static byte[] ReplaceEverywhere(byte[] file, Random random)
    {
        string text = Encoding.Latin1.GetString(file);
        List<Range> places = Tokens(text);
        return places.Count == 0
            ? file
            : Encoding.UTF8.GetBytes(text.Replace(text[random.OneOf(places)], random.OneOf(Values), StringComparison.Ordinal));
    }

    /// <summary>Numbers and words: what stands between separators of any format.</summary>
    private static List<Range> Tokens(string text)
    {
        const string Separators = ",;:\t\n\r []{}()<>=\"'";
        var tokens = new List<Range>();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !Separators.Contains(text[i], StringComparison.Ordinal))
                continue;
            if (i > start)
                tokens.Add(start..i);
            start = i + 1;
        }

        return tokens;
    }

    private static byte[] Lines(byte[] file, Random random, Action<List<string>, int> change)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(file).Split('\n')];
        change(lines, random.Next(lines.Count));
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
