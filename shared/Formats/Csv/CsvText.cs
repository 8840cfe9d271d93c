using System.Buffers;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Text cells of CSV files by RFC 4180, safe to open in a spreadsheet.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r＝＋－＠");

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");

    /// <summary>Quotes a text if needed. Semicolons and tabs count too: spreadsheets in some languages end a cell there.</summary>
    public static string Quote(string text) =>
        !text.AsSpan().ContainsAny(Quoted) && text.AsSpan().Trim().Length == text.Length ? text : $"\"{text.Replace("\"", "\"\"")}\"";

    /// <summary>Writes an image's name. A spreadsheet would run a name such as <c>=HYPERLINK(…)</c> as a formula. So a name that
    /// starts like a formula gets the prefix <c>./</c>, which keeps the path the same. <c>keypoints.jsonl</c> has the exact name.</summary>
    public static string Name(string name) => Quote(StartsFormula(name) || StartsFormula(name.AsSpan().TrimStart()) ? "./" + name : name);

    private static bool StartsFormula(ReadOnlySpan<char> text) => text.Length > 0 && FormulaStarts.Contains(text[0]);
}
