using System.Text;

namespace KeypointPipeline.Files;

/// <summary>Makes text that anyone may have written fit for messages: no control characters, of bounded length.</summary>
internal static class ShownText
{
    private const int Longest = 100;
    private const int LongestQuote = 40;
    private const int MostListed = 10;

    /// <summary>The text, at most 100 characters of it.</summary>
    public static string Of(string text) => Show(text, Longest);

    /// <summary>A file's own text in quotes, such as <c>'4x.1'</c>: at most 40 characters.</summary>
    public static string Quote(ReadOnlySpan<byte> text) =>
        $"'{Show(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestQuote)]), LongestQuote)}'";

    /// <summary>The first ten of them, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> texts, string separator = ", ")
    {
        string shown = string.Join(separator, texts.Take(MostListed).Select(Of));
        return texts.Count > MostListed ? $"{shown} and {texts.Count - MostListed:N0} more" : shown;
    }

    private static string Show(string text, int longest)
    {
        var shown = new StringBuilder();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (count++ == longest)
                return shown.Append('…').ToString();
            shown.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}
