using System.Globalization;
using System.Text;

namespace KeypointPipeline.Results.Report;

/// <summary>Writes untrusted text, such as an image's name, into a page. Nothing in it becomes markup, in an element or in a quoted
/// attribute. Invisible characters, and those that reverse the text around them, are shown as their codes.</summary>
internal static class HtmlText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text as HTML or XML.</summary>
    public static string Of(string text)
    {
        var html = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '&' => html.Append("&amp;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                _ => IsSeen(rune) ? html.Append(rune.ToString()) : html.Append($"[U+{rune.Value:X4}]"),
            };
        }

        return html.ToString();
    }

    /// <summary>The joiners are visible: they change the letters beside them.</summary>
    private static bool IsSeen(Rune rune) => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
