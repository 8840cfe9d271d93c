using System.Globalization;
using System.Text;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Draws small, correct labelled tables, written in many ways.</summary>
internal static class CsvSeeds
{
    private const int MostRows = 6;
    private static readonly string[] Missing = ["", "", "NaN", "nan", " "];
    private static readonly string[] Groups = ["", "anna", "\"b,c\"", "\"two\nlines\"", "ü ñ", "\"a \"\"b\"\"\""];

    /// <summary>Draws a table as UTF-8.</summary>
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
        string lineEnd = random.Next(4) == 0 ? "\r\n" : "\n";
        var text = new StringBuilder(random.Next(8) == 0 ? "\uFEFF" : "");
        text.AppendJoin(',', Enumerable.Range(1, keypoints).Select(k => $"point {k}_x,point {k}_y"));
        text.Append(hasGroup ? ",group," : ",").Append(image).Append(lineEnd);
        for (int row = random.Next(1, MostRows + 1); row > 0; row--)
        {
            for (int k = 0; k < keypoints; k++)
                text.Append(Coordinates(random, width, height)).Append(',');
            text.Append(hasGroup ? random.Next(2) == 0 ? "," : $"{Groups[random.Next(Groups.Length)]}," : "");
            AppendPixels(text, random, width * height);
            text.Append(row > 1 || random.Next(4) > 0 ? lineEnd : "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Coordinates(Random random, int width, int height) => random.Next(4) == 0
        ? $"{Missing[random.Next(Missing.Length)]},{Missing[random.Next(Missing.Length)]}"
        : string.Create(CultureInfo.InvariantCulture, $"{random.NextSingle() * (width - 1):0.###},{random.NextSingle() * (height - 1)}");

    private static void AppendPixels(StringBuilder text, Random random, int count)
    {
        bool isQuoted = random.Next(6) == 0;
        text.Append(isQuoted ? "\"" : "");
        for (int i = 0; i < count; i++)
            text.Append(i == 0 ? "" : " ").Append(random.Next(256));
        text.Append(isQuoted ? "\"" : "");
    }
}
