using System.Globalization;

namespace KeypointPipeline.Keypoints;

/// <summary>Checks and normalises keypoint names. They come from untrusted files and appear in table headers, pages and messages.</summary>
public static class KeypointName
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaximumLength = 100;

    /// <summary>A spreadsheet runs a header cell that begins with one of these characters as a formula.</summary>
    private const string FormulaStarts = "=+-@＝＋－＠";

    /// <summary>Finds out why a name cannot be used.</summary>
    /// <returns>A predicate for a message, for example <c>is blank</c>, or null if the name is valid.</returns>
    public static string? FindProblem(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "is blank";
        if (name.Length > MaximumLength)
            return $"has {name.Length:N0} characters; at most {MaximumLength} are allowed";
        if (name.Any(IsInvisible))
            return "contains an invisible character";
        return FormulaStarts.Contains(name.TrimStart()[0]) ? $"begins with '{name.TrimStart()[0]}', as formulas do" : null;
    }

    /// <summary>Returns the form in which names compare: lower case, without <c>_</c>, <c>-</c>, <c>.</c> and white space. <c>Left Eye</c>
    /// and <c>left_eye</c> have the same form.</summary>
    public static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Concat(name.ToLowerInvariant().Where(c => !(c is '_' or '-' or '.' || char.IsWhiteSpace(c))));
    }

    /// <summary>The zero-width joiner and non-joiner are allowed: Persian and other languages need them.</summary>
    private static bool IsInvisible(char c) => c is not ('\u200C' or '\u200D') && char.GetUnicodeCategory(c) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
