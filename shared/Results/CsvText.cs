using System.Buffers;

namespace KeypointPipeline.Results;

/// <summary>Text cells of CSV files by RFC 4180, safe to open in a spreadsheet.</summary>
internal static class CsvText
{
    private const string FormulaStarts = "=+-@\t\r＝＋－＠";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");

    /// <summary>Quotes where needed, also what spreadsheets of some languages take for the end of a cell.</summary>
    public static string Quote(string text) =>
        !text.AsSpan().ContainsAny(Quoted) && text.Trim().Length == text.Length ? text : $"\"{text.Replace("\"", "\"\"")}\"";

    /// <summary>An image's name. A spreadsheet would run a name such as <c>=HYPERLINK(…)</c> as a formula, so names that begin like
    /// one get <c>./</c> in front: still the same path. <c>keypoints.jsonl</c> has the exact name.</summary>
    public static string Name(string name)
    {
        bool formula = name.Take(1).Concat(name.TrimStart().Take(1)).Any(FormulaStarts.Contains);
        return Quote(formula ? "./" + name : name);
    }
}
