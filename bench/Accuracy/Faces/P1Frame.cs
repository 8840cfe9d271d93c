using System.Globalization;
using KeypointPipeline.Errors;

namespace KeypointPipeline.Bench.Accuracy.Faces;

/// <summary>A labelled frame of Udacity's P1_Facial_Keypoints.</summary>
/// <param name="File">Path of its picture.</param>
/// <param name="Points">68 iBUG points in pixels of the picture, x and y in turn.</param>
internal sealed record P1Frame(string File, double[] Points)
{
    private static readonly string[] Parts = ["training", "test"];

    /// <summary>The frame's name, which is unique: the folder and the file.</summary>
    public string Name => $"{Path.GetFileName(Path.GetDirectoryName(File))}/{Path.GetFileName(File)}";

    /// <summary>Whether a folder is P1's folder <c>data</c>.</summary>
    public static bool IsFolder(string folder) => Array.TrueForAll(Parts, part => System.IO.File.Exists(LabelsOf(folder, part)));

    /// <summary>Reads the labelled frames of both parts, in the order of the files.</summary>
    /// <exception cref="UserErrorException">A line has another form; the message names it.</exception>
    public static IReadOnlyList<P1Frame> Read(string folder) => [.. Parts.SelectMany(part => ReadPart(folder, part))];

    private static string LabelsOf(string folder, string part) => Path.Combine(folder, $"{part}_frames_keypoints.csv");

    private static IEnumerable<P1Frame> ReadPart(string folder, string part)
    {
        int line = 1;
        foreach (string text in System.IO.File.ReadLines(LabelsOf(folder, part)).Skip(1))
        {
            line++;
            string[] fields = text.Split(',');
            if (fields.Length != 1 + (2 * KaggleLabels.IbugPoints) || fields[0].AsSpan().ContainsAny('/', '\\'))
                throw new UserErrorException($"{LabelsOf(folder, part)} line {line:N0}: a file name and 136 coordinates are expected. Fetch udacity/P1_Facial_Keypoints again.");
            yield return new P1Frame(Path.Combine(folder, part, fields[0]), [.. fields[1..].Select(field => Coordinate(field, line))]);
        }

        double Coordinate(string field, int at) => double.TryParse(field, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new UserErrorException($"{LabelsOf(folder, part)} line {at:N0}: '{field}' is not a number. Fetch udacity/P1_Facial_Keypoints again.");
    }
}
