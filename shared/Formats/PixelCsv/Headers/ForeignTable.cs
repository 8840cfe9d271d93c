using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.PixelCsv.Headers;

/// <summary>Says what a table without pixels seems to be, from its header and first rows, and how it is read.</summary>
internal static class ForeignTable
{
    /// <summary>Number of rows below the header that are enough to tell.</summary>
    public const int RowsNeeded = 2;

    /// <summary>How a table that names image files is read, without the full stop.</summary>
    public const string NextStep = "A table that names image files is read together with them. Put the table and the image files into one folder or zip, and use that";

    /// <summary>Returns whether a field is the name of an image file.</summary>
    public static bool IsImageName(string field) => ImageNames.HasPictureEnding(field.Trim());

    /// <summary>Describes the table in whole sentences. Returns null if nothing is known about it.</summary>
    /// <param name="names">Names of the columns.</param>
    /// <param name="rows">The first rows.</param>
    /// <param name="lacksKeypoints">Whether no keypoint columns were found.</param>
    public static string? Describe(IReadOnlyList<string> names, IReadOnlyList<string[]> rows, bool lacksKeypoints)
    {
        if (Recognise(names, rows) is string kind)
            return $"This looks like {kind}. {NextStep}.";
        if (FindImageFiles(rows) is int column and >= 0)
            return $"Column {column + 1}{Named(names[column])} holds names of image files ({ShownText.Of(rows[0][column])}). {NextStep}.";
        return lacksKeypoints && FindNumbers(names, rows) is { Count: > 0 } numbers
            ? $"These columns hold numbers and may be coordinates: {ShownText.List(numbers)}. Name each pair <name>_x and <name>_y."
            : null;
    }

    /// <summary>Names the tool whose table this is. Returns null if it is none of those that are known.</summary>
    public static string? Recognise(IReadOnlyList<string> names, IReadOnlyList<string[]> rows)
    {
        if (names.Count == 0)
            return null;
        if (names[0].Equals("scorer", StringComparison.OrdinalIgnoreCase) || rows.Any(row => row[0].Trim() is "bodyparts" or "coords"))
            return "a DeepLabCut table with three header rows (scorer, bodyparts, coords)";
        if (Has("region_shape_attributes") || Has("file_attributes"))
            return "an export of the VGG Image Annotator (VIA)";
        if (rows.Any(row => Array.Exists(row, field => field.Contains("keypointlabels", StringComparison.Ordinal))))
            return "an export of Label Studio";
        if (Has("scale") && Has("center_w") && Has("center_h"))
            return "a table of HRNet (WFLW, 300W, AFLW)";
        if (Has("image_id") && Has("lefteye_x"))
            return "CelebA's landmarks";
        return Has("x") && Has("y") && rows.Any(row => Array.Exists(row, IsImageName))
            ? "a long table with one row per point (image, keypoint, x, y)"
            : null;

        bool Has(string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static int FindImageFiles(IReadOnlyList<string[]> rows) => rows.Count == 0 ? -1 : Array.FindIndex(rows[0], IsImageName);

    private static List<string> FindNumbers(IReadOnlyList<string> names, IReadOnlyList<string[]> rows) => rows.Count == 0
        ? []
        : [.. names.Where((name, column) => name.Length > 0 && double.TryParse(rows[0][column], NumberStyles.Float, CultureInfo.InvariantCulture, out _))];

    private static string Named(string name) => name.Length == 0 ? string.Empty : $", {ShownText.Of(name)},";
}
