using System.Globalization;
using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Draws small, correct labelled tables whose header, pixels, missing labels, units and frames are written in every way that is
/// read.</summary>
internal static class SpelledSeeds
{
    private const int MostRows = 14;

    private static readonly (string X, string Y)[] Names =
    [
        ("{0}_x", "{0}_y"), ("p{0}.x", "p{0}.y"), ("Point {0} X", "Point {0} Y"), ("p{0} (x)", "p{0} (y)"), ("point{0}X", "point{0}Y"), ("x_{0}", "y_{0}"), ("x{0}", "y{0}"), ("x.{0}", "y.{0}"),
        ("kp_x_{0}", "kp_y_{0}"), ("p{0}x", "p{0}y"),
    ];

    private static readonly (string Name, string Not, string Is)[] Visibility =
        [("{0}_v", "0", "2"), ("p{0}.visible", "False", "True"), ("v{0}", "0", "1"), ("{0}_likelihood", "0.0", "0.9")];

    private static readonly string[] Marks = ["0,0", "-1,-1", ",", "NaN,NaN"];

    private static readonly Func<byte[], int, string>[] Pixels =
    [
        (pixels, _) => string.Join(' ', pixels),
        (pixels, _) => $"\"[{string.Join(", ", pixels)}]\"",
        (pixels, _) => $"[{string.Join(' ', pixels)}]",
        (pixels, _) => $"\"{string.Join(',', pixels)}\"",
        (pixels, _) => string.Join(' ', pixels.Select(pixel => $"{pixel}.0")),
        (pixels, width) => $"\"[{string.Join("\n ", pixels.Chunk(width).Select(line => $"[{string.Join(' ', line)}]"))}]\"",
        (pixels, _) => $"[{string.Join(' ', pixels.Take(3))} ... {pixels[^1]}]",
    ];

    /// <summary>Draws a table as UTF-8.</summary>
    public static byte[] Draw(Random random)
    {
        int keypoints = random.Next(1, 4);
        (string xName, string yName) = random.OneOf(Names);
        (string Name, string Not, string Is)? visibility = random.Next(3) == 0 ? random.OneOf(Visibility) : null;
        Func<byte[], int, string>? pixels = random.Next(4) == 0 ? null : random.OneOf(Pixels);
        int unit = random.Next(4);
        int[] sides = pixels is not null && random.Next(3) == 0 ? [8, 9, 16] : [random.OneOf<int>([8, 16])];
        var text = new StringBuilder();
        bool isBlock = random.Next(3) == 0;
        text.AppendJoin(',', Columns(xName, yName, visibility?.Name, keypoints, isBlock));
        text.Append(',').Append(pixels is null ? string.Join(',', Enumerable.Range(0, sides[0] * sides[0]).Select(i => $"pixel{i}")) : "Image").Append('\n');
        for (int row = random.Next(1, MostRows + 1); row > 0; row--)
        {
            int side = random.OneOf(sides);
            text.AppendJoin(',', Labels(random, keypoints, side, unit, visibility, isBlock)).Append(',');
            byte[] image = new byte[side * side];
            random.NextBytes(image);
            text.Append(pixels is null ? string.Join(',', image) : pixels(image, side)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static IEnumerable<string> Columns(string x, string y, string? visibility, int keypoints, bool isBlock)
    {
        string[] patterns = visibility is null ? [x, y] : [x, y, visibility];
        return isBlock
            ? patterns.SelectMany(pattern => Enumerable.Range(0, keypoints).Select(k => string.Format(CultureInfo.InvariantCulture, pattern, k)))
            : Enumerable.Range(0, keypoints).SelectMany(k => patterns.Select(pattern => string.Format(CultureInfo.InvariantCulture, pattern, k)));
    }

    private static IEnumerable<string> Labels(
        Random random, int keypoints, int side, int unit, (string Name, string Not, string Is)? visibility, bool isBlock)
    {
        string[][] labels = [.. Enumerable.Range(0, keypoints).Select(_ => Label(random, side, unit, visibility))];
        return isBlock ? Enumerable.Range(0, labels[0].Length).SelectMany(i => labels.Select(label => label[i])) : labels.SelectMany(label => label);
    }

    private static string[] Label(Random random, int side, int unit, (string Name, string Not, string Is)? visibility)
    {
        bool isMissing = random.Next(4) == 0;
        string[] point = isMissing ? random.OneOf(Marks).Split(',') : [Coordinate(random, side, unit), Coordinate(random, side, unit)];
        return visibility is { } column ? [.. point, isMissing ? column.Not : column.Is] : point;
    }

    private static string Coordinate(Random random, int side, int unit)
    {
        float share = random.NextSingle();
        float value = unit switch
        {
            0 => share,
            1 => (share * 2) - 1,
            _ => share * (side - 1),
        };
        return value.ToString("0.####", CultureInfo.InvariantCulture);
    }
}
