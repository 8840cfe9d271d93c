using System.Globalization;

namespace KeypointPipeline.Keypoints;

/// <summary>Which names keypoints may have. They come with files from anywhere and go into table headers, pages and messages.</summary>
public static class KeypointName
{
    /// <summary>The longest name, characters.</summary>
    public const int MaximumLength = 100;

    /// <summary>A table whose header begins so would be run by a spreadsheet, not shown.</summary>
    private const string FormulaStarts = "=+-@＝＋－＠";

    /// <summary>Says what is wrong with a name.</summary>
    /// <returns>Such as <c>is blank</c>; null where a keypoint can be named so.</returns>
    public static string? FindProblem(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "is blank";
        if (name.Length > MaximumLength)
            return $"has {name.Length:N0} characters, and {MaximumLength} are allowed";
        if (name.Any(IsInvisible))
            return "holds an invisible character";
        return FormulaStarts.Contains(name.TrimStart()[0]) ? $"begins with '{name.TrimStart()[0]}', as formulas do" : null;
    }

    /// <summary>The two joiners have their place in Persian words and others.</summary>
    private static bool IsInvisible(char c) => c is not ('\u200C' or '\u200D') && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
