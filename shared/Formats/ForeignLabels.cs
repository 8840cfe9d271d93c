using System.Globalization;
using System.Text;

namespace KeypointPipeline.Formats;

/// <summary>Recognises by content label files that are not read, so that messages can name them. The formats that are read recognise their own
/// files.</summary>
public static class ForeignLabels
{
    /// <summary>What is read and what to do with another format, as sentences for a message.</summary>
    public const string Advice =
        "These labels are read: tables with pixels (columns <name>_x, <name>_y and Image); and beside the pictures that they name, tables (columns "
        + "image, <name>_x and <name>_y), COCO keypoints, YOLO-pose with data.yaml, CVAT for images (XML), DeepLabCut (CSV), Label Studio, LabelMe (JSON), "
        + "imglab (XML), VIA and .pts. Export one of these formats, and put it with its pictures into one folder or zip.";

    private const int StartBytes = 4096;

    private static readonly (string Name, Func<string, bool> Fits)[] Texts =
    [
        ("Pascal VOC's XML", text => text.StartsWith('<') && (Has(text, "<annotation>") || Has(text, "<annotation "))),
        ("a YOLO-pose label file without its data.yaml", IsYoloPose),
    ];

    /// <summary>Names the format of a file, or returns null if it is none of those that are known.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="openAsync">Opens the file. Only its start is read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<string?> RecogniseAsync(
        string name, Func<CancellationToken, Task<Stream>> openAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(openAsync);
        byte[] start = new byte[StartBytes];
        await using Stream stream = await openAsync(cancellationToken);
        int read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return Recognise(name, start.AsSpan(0, read));
    }

    /// <summary>Names the format of a file, or returns null if it is none of those that are known.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="start">Its first bytes: about 4,000, or the whole file.</param>
    public static string? Recognise(string name, ReadOnlySpan<byte> start)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return "HDF5, as DeepLabCut and SLEAP write it";
        if (start.StartsWith("MATLAB 5.0"u8))
            return "a MATLAB file";
        if (start.StartsWith("PAR1"u8))
            return "a Parquet table";
        if (start.StartsWith("PK"u8))
            return name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) ? "an Excel workbook" : null;
        if (start.Contains((byte)0))
            return null;
        string text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return Texts.FirstOrDefault(format => format.Fits(text)).Name;
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the first line is a class, a box and points, all as shares of the picture: at least one point after five numbers.</summary>
    private static bool IsYoloPose(string text)
    {
        string[] words = FirstLine(text).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length >= 7
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && words.Skip(1).Take(4).All(word =>
                double.TryParse(word, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1 && word.Contains('.', StringComparison.Ordinal));
    }

    private static string FirstLine(string text)
    {
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
