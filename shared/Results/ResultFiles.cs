using System.Globalization;
using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Results;

/// <summary>File names of a batch's results, the same in a local folder and under <c>results/{batch}/</c>.</summary>
/// <remarks>A large batch has its tables in parts of 262,144 images (<see cref="Inference.BatchShape.ImagesPerSection"/>):
/// <c>keypoints-00000.csv</c>, <c>keypoints-00001.csv</c> and so on. Then <see cref="BatchSummary.Tables"/> lists them.</remarks>
public static class ResultFiles
{
    /// <summary>One row per instance, with coordinates in pixels of the upright original.</summary>
    public const string Csv = "keypoints.csv";

    /// <summary>The same data as JSON Lines, with the images' exact names.</summary>
    public const string JsonLines = "keypoints.jsonl";

    /// <summary>Images without keypoints, with the reasons.</summary>
    public const string Errors = "errors.csv";

    /// <summary>The results as a COCO file, which labelling tools open. Images without a face are in it, images that failed are not.</summary>
    public const string Coco = "coco.json";

    /// <summary>The 10,000 instances to label next, in order. Only models that give uncertainties have it.</summary>
    public const string LabelNext = "label-next.csv";

    /// <summary>The report for people.</summary>
    public const string Report = "report.html";

    /// <summary>The <see cref="BatchSummary"/>. It is written last: if it exists, the results are complete.</summary>
    public const string Summary = "summary.json";

    private const int LongestName = 80;

    private static readonly string[] Tables = [Csv, JsonLines, Errors, Coco];

    /// <summary>The name of a part of a table, such as <c>keypoints-00000.csv</c>.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="part">The part's number, from 0; null if the batch has one set of tables.</param>
    public static string Part(string table, int? part) =>
        part is int number ? PartName.Of(table, number) : table;

    /// <summary>The names of the tables of a part.</summary>
    /// <param name="part">The part's number, from 0; null if the batch has one set of tables.</param>
    public static IEnumerable<string> TablesOf(int? part) => Tables.Select(table => Part(table, part));

    /// <summary>Whether a name is that of a table or of a part of one.</summary>
    public static bool IsTable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Exists(Tables, table => name == table || (int.TryParse(Number(name, table), NumberStyles.None, CultureInfo.InvariantCulture, out int part) && name == Part(table, part)));
    }

    /// <summary>The overlay of an image. Its name holds the row in <see cref="Csv"/> and those characters of the image's name that are safe in
    /// any file system.</summary>
    /// <param name="index">The image's index in the batch, from 0.</param>
    /// <param name="image">Its name.</param>
    public static string Overlay(int index, string image)
    {
        string name = image[(image.LastIndexOfAny(['/', '\\']) + 1)..];
        int dot = name.LastIndexOf('.');
        var safe = new StringBuilder();
        foreach (char c in dot > 0 ? name[..dot] : name)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_');
        return $"overlays/{index + 1:000000}-{(safe.Length > LongestName ? safe.ToString(0, LongestName) : safe)}.jpg";
    }

    private static string? Number(string name, string table)
    {
        string start = $"{Path.GetFileNameWithoutExtension(table)}-";
        string end = Path.GetExtension(table);
        return name.Length > start.Length + end.Length && name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal)
            ? name[start.Length..^end.Length]
            : null;
    }

    /// <summary>The media type of a result file.</summary>
    public static string MediaType(string name) => Path.GetExtension(name) switch
    {
        ".csv" => "text/csv; charset=utf-8",
        ".jsonl" => "application/x-ndjson",
        ".json" => "application/json; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".jpg" => "image/jpeg",
        _ => "application/octet-stream",
    };
}
