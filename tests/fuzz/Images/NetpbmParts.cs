using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Finds and writes the parts of PGM and PPM files.</summary>
internal static partial class NetpbmParts
{
    /// <summary>A file with pixels of all brightnesses.</summary>
    /// <param name="form">2, 3, 5 or 6.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="largest">The largest sample.</param>
    public static byte[] Create(char form, int width, int height, int largest)
    {
        int[] samples = [.. Enumerable.Range(0, width * height * (form is '2' or '5' ? 1 : 3)).Select(i => i * 37 % (largest + 1))];
        byte[] header = Encoding.ASCII.GetBytes($"P{form}\n{width} {height}\n{largest}\n");
        if (form is '2' or '3')
            return [.. header, .. Encoding.ASCII.GetBytes(string.Join(' ', samples.Select(sample => sample.ToString(CultureInfo.InvariantCulture))) + "\n")];
        return [.. header, .. samples.SelectMany(sample => largest > 255 ? (byte[])[(byte)(sample >> 8), (byte)sample] : [(byte)sample])];
    }

    /// <summary>Finds the words of the first hundred bytes: the header's numbers, and a text's samples.</summary>
    public static List<Range> Words(byte[] file) =>
    [
        .. Word.Matches(Encoding.Latin1.GetString(file, 0, Math.Min(file.Length, 100))).Select(word => word.Index..(word.Index + word.Length)),
    ];

    [GeneratedRegex(@"\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Word { get; }
}
