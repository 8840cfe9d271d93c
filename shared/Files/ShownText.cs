using System.Text;

namespace KeypointPipeline.Files;

/// <summary>Makes untrusted text safe for messages: no control characters, bounded length.</summary>
internal static class ShownText
{
    private const int Longest = 100;
    private const int LongestQuote = 40;
    private const int MostListed = 10;

    /// <summary>Returns the first characters of a text.</summary>
    public static string Of(string text, int longest = Longest) => Show(text, longest);

    /// <summary>Returns the first 40 characters of a file's text in quotes, for example <c>'4x.1'</c>.</summary>
    public static string Quote(ReadOnlySpan<byte> text) =>
        $"'{Show(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestQuote)]), LongestQuote)}'";

    /// <summary>Lists the first texts, ten unless <paramref name="most"/> says otherwise, and the number of further ones.</summary>
    public static string List(IReadOnlyCollection<string> texts, string separator = ", ", int most = MostListed, int longest = Longest)
    {
        string shown = string.Join(separator, texts.Take(most).Select(text => Of(text, longest)));
        return texts.Count > most ? $"{shown} and {texts.Count - most:N0} more" : shown;
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
