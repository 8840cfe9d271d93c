using System.Globalization;
using System.Text;
using SkiaSharp;

namespace KeypointPipeline.Plots;

/// <summary>Prepares texts of others, such as names of keypoints, for one drawing.</summary>
/// <param name="isSvg">Whether it becomes SVG, whose text the reader's machine letters.</param>
/// <remarks>Skia writes into SVG only the characters that the drawing font has. A text with others is drawn as a stand-in of about the same
/// width, and <see cref="StandIns"/> says what to write in its place.</remarks>
internal sealed class Lettering(bool isSvg)
{
    private const string Ellipsis = "…";

    private const char StandIn = 'M';

    private readonly Dictionary<string, string> _standIns = [];
    private readonly HashSet<string> _drawn = [];

    /// <summary>Texts by the stand-ins that were drawn for them.</summary>
    public IReadOnlyDictionary<string, string> StandIns => _standIns;

    /// <summary>Makes a text one line that fits and that XML can hold.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fontSize">Its size, pixels.</param>
    /// <param name="width">The room for it, pixels. A longer text ends in an ellipsis.</param>
    public string Fit(string text, float fontSize, float width)
    {
        string clean = Clean(text);
        using var font = new SKFont(PlotFont.Typeface, fontSize);
        if (font.MeasureText(clean) > width)
        {
            int[] starts = StringInfo.ParseCombiningCharacters(clean);
            int kept = starts.Length - 1;
            while (kept > 1 && font.MeasureText(clean[..starts[kept]] + Ellipsis) > width)
                kept--;
            clean = clean[..starts[Math.Max(kept, 1)]] + Ellipsis;
        }

        if (isSvg && (!PlotFont.CanWrite(clean) || _standIns.ContainsKey(clean)))
            return Replace(clean);
        _drawn.Add(clean);
        return clean;
    }

    private string Replace(string text)
    {
        var drawn = new StringBuilder(text.Length);
        for (TextElementEnumerator signs = StringInfo.GetTextElementEnumerator(text); signs.MoveNext();)
        {
            string sign = signs.GetTextElement();
            drawn.Append(PlotFont.CanWrite(sign) ? sign : StandIn);
        }

        while (!_drawn.Add($"{drawn}"))
            drawn.Append(StandIn);
        _standIns[$"{drawn}"] = text;
        return $"{drawn}";
    }

    /// <summary>Replaces what is no character of XML, or would break the line.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            clean.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF or 0x2028 or 0x2029 ? Rune.ReplacementChar : rune);
        return clean.ToString().Trim();
    }
}
