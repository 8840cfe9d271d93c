using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Headers;

/// <summary>Finds tables with one column per pixel: <c>pixel0</c> … <c>pixel9215</c>, counted from 0 or 1, or lines and columns such as
/// <c>1x1</c> … <c>28x28</c>.</summary>
internal static class PixelNames
{
    private const int Fewest = KeypointSchema.MinimumFrame * KeypointSchema.MinimumFrame;
    private const int MostDigits = 7;
    private static readonly char[] Separators = [.. " \t_.-:"];
    private static readonly char[] BetweenNumbers = [.. Separators, .. "xX×cC,"];
    private static readonly char[] Digits = [.. "0123456789"];
    private static readonly string[] Words = ["pixel", "pixels", "px", "pix", "p", "image", "img", "i", "feature", "f", "col", "c", "r", ""];

    /// <summary>Finds the pixel columns.</summary>
    /// <param name="names">All column names.</param>
    /// <param name="candidates">Indices of the columns that mean nothing else.</param>
    /// <param name="problems">Receives what makes them unusable: pixels that are not there, or several images.</param>
    /// <returns>The columns, or null if there are none.</returns>
    public static PixelColumnNames? Find(IReadOnlyList<string> names, IEnumerable<int> candidates, List<string> problems)
    {
        Numbered[][] groups =
        [
            .. candidates.Select(column => Parse(names[column], column)).OfType<Numbered>()
                .GroupBy(numbered => (numbered.Word, IsGrid: numbered.Line is not null))
                .Where(group => group.Take(Fewest).Count() == Fewest && (group.Key.Word.Length > 0 || group.Key.IsGrid || FrameSize.Square(group.Count()) is not null))
                .Select(group => group.OrderBy(numbered => numbered.Line).ThenBy(numbered => numbered.Number).ToArray()),
        ];
        if (groups.Length > 1)
            problems.Add($"there are {groups.Length} images of one column per pixel: {ShownText.List([.. groups.Select(group => Range(names, group))])}");
        if (groups.Length != 1)
            return null;
        Numbered[] pixels = groups[0];
        string name = Range(names, pixels);
        if (pixels[0].Line is not null)
            return Grid(pixels, name, problems);
        int first = pixels[0].Number;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (first > 1 || pixels[i].Number != first + i)
            {
                problems.Add($"of the pixel columns {name}, number {(first > 1 ? 0 : first + i):N0} is {(i > 0 && pixels[i].Number < first + i ? "there twice" : "missing")}");
                return null;
            }
        }

        return new PixelColumnNames(name, [.. pixels.Select(pixel => pixel.Column)], Frame: null);
    }

    private static PixelColumnNames? Grid(Numbered[] pixels, string name, List<string> problems)
    {
        int width = pixels[^1].Number - pixels[0].Number + 1;
        int firstLine = pixels[0].Line!.Value;
        int height = pixels[^1].Line!.Value - firstLine + 1;
        bool isWhole = (long)width * height == pixels.Length && pixels[0].Number <= 1 && firstLine <= 1
            && pixels.Select((pixel, i) => pixel.Line == firstLine + (i / width) && pixel.Number == pixels[0].Number + (i % width)).All(fits => fits);
        if (!isWhole)
            problems.Add($"the pixel columns {name} are not whole lines: {pixels.Length:N0} columns, and the last is line {pixels[^1].Line}, column {pixels[^1].Number}");
        return isWhole ? new PixelColumnNames(name, [.. pixels.Select(pixel => pixel.Column)], new FrameSize(width, height)) : null;
    }

    private static string Range(IReadOnlyList<string> names, Numbered[] pixels) =>
        $"{ShownText.Of(names[pixels[0].Column])} … {ShownText.Of(names[pixels[^1].Column])}";

    private static Numbered? Parse(string name, int column)
    {
        string before = TakeNumber(name, out int? number);
        if (number is null)
            return null;
        string word = before.TrimEnd(Separators);
        if (IsPixelWord(word))
            return new Numbered(word.ToLowerInvariant(), null, number.Value, column);

        // 1x1, pixel_0_0 and r0c0: a line and a column.
        string line = TakeNumber(before.TrimEnd(BetweenNumbers), out int? lineNumber);
        word = line.TrimEnd(Separators);
        return lineNumber is not null && IsPixelWord(word) ? new Numbered(word.ToLowerInvariant(), lineNumber, number.Value, column) : null;
    }

    private static bool IsPixelWord(string word) => Array.Exists(Words, known => known.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Cuts the number off the end of a name. Returns what stands before it.</summary>
    private static string TakeNumber(string name, out int? number)
    {
        string before = name.TrimEnd(Digits);
        ReadOnlySpan<char> digits = name.AsSpan(before.Length);
        number = digits.Length is > 0 and <= MostDigits ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        return before;
    }

    private sealed record Numbered(string Word, int? Line, int Number, int Column);
}

/// <summary>The columns of one image, a pixel each.</summary>
/// <param name="Name">What messages call them: the names of the first and the last.</param>
/// <param name="Columns">Their indices, line by line.</param>
/// <param name="Frame">The image's size, if the names state it.</param>
internal sealed record PixelColumnNames(string Name, IReadOnlyList<int> Columns, FrameSize? Frame);
