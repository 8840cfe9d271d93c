namespace KeypointPipeline.TestSupport;

/// <summary>Hostile names of blobs, zip entries and images, which try to leave a folder or to inject into a page, and combinations of
/// their parts. They are the same in every run.</summary>
public static class StrangeNames
{
    private static readonly string[] Parts =
    [
        "..", ".", "...", "/", "//", "\\", "..\\", "../", "%2e%2e", "%2F", "%5c", "%00", "a", "B.png", "photo", ".zip", " ", "C:", ":", "~", "con",
        "NUL.txt", "lpt¹", "aux ", "a.", "*", "?", "\"", "'", "<script>alert(1)</script>", "<", ">", "&", "&#60;", "&amp;", "]]>", "-->", "<!--",
        "javascript:alert(1)", "data:text/html,x", "expression(alert(1))", "url(//x)", "</style>", "</title>", "</svg>", "{}", ";", ",", "=", "+", "-",
        "@", "=cmd|'/c calc'!A0", "\t", "\r", "\n", "\0", "\u001b[31m", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u200f", "\u202e",
        "\u2028", "\u2066", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udc00", "😀", "é", "e\u0301", "ａ", "．．", "∕", "ı", "K", "顔", "שם", "#", "%", "^", "`", "$(id)",
    ];

    /// <summary>Each part by itself, some long names, and seeded combinations.</summary>
    /// <param name="combinations">Number of combinations.</param>
    public static IEnumerable<string> Some(int combinations)
    {
        foreach (string part in Parts)
            yield return part;
        yield return "";
        yield return new string('x', 255);
        yield return new string('x', 1024);
        yield return new string('x', 1025);
        yield return new string('顔', 300);
        yield return string.Concat(Enumerable.Repeat("a/", 300)) + "a";

        var random = new Random(20261125);
        for (int i = 0; i < combinations; i++)
            yield return string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ => Parts[random.Next(Parts.Length)]));
    }
}
