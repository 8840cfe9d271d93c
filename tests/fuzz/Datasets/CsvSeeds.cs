using System.Globalization;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Draws small, correct labelled tables, written in many ways.</summary>
internal static class CsvSeeds
{
    private const int MostRows = 6;
    private static readonly string[] Missing = ["", "", "NaN", "nan", " "];
    private static readonly string[] Groups = ["", "anna", "b,c", "two\nlines", "ü ñ", "a \"b\""];

    /// <summary>Draws a table as the bytes of a file.</summary>
    public static byte[] Draw(Random random)
    {
        int keypoints = random.Next(1, 4);
        bool hasGroup = random.Next(4) == 0;
        // The smallest possible frames, now and then not square.
        (int width, int height, string image) = random.Next(4) switch
        {
            0 => (9, 8, "Image_9x8"),
            1 => (8, 8, "pixels"),
            _ => (8, 8, "Image"),
        };
        SeedStyle style = random.Next(2) == 0 ? SeedStyle.DrawPlain(random) : SeedStyle.Draw(random);
        var lines = new List<string[]>
        {
            (string[])[.. Enumerable.Range(1, keypoints).SelectMany(k => new[] { $"point {k}_x", $"point {k}_y" }), .. hasGroup ? ["group"] : (string[])[], image],
        };
        for (int row = random.Next(1, MostRows + 1); row > 0; row--)
        {
            string[] coordinates = [.. Enumerable.Range(0, keypoints).SelectMany(_ => Coordinates(random, width, height, style))];
            string[] group = hasGroup ? [Groups[random.Next(2) * random.Next(Groups.Length)]] : [];
            lines.Add([.. coordinates, .. group, string.Join(' ', Enumerable.Range(0, width * height).Select(_ => random.Next(256)))]);
        }

        return style.Write(lines, random);
    }

    private static string[] Coordinates(Random random, int width, int height, SeedStyle style)
    {
        string[] missing = style.IsPlain ? Missing : SeedStyle.Missing;
        return random.Next(4) == 0
            ? [missing[random.Next(missing.Length)], missing[random.Next(missing.Length)]]
            : [Number($"{random.NextSingle() * (width - 1):0.###}"), Number($"{random.NextSingle() * (height - 1)}")];

        string Number(FormattableString number)
        {
            string text = number.ToString(CultureInfo.InvariantCulture);
            return style.HasDecimalCommas ? text.Replace('.', ',') : text;
        }
    }
}
