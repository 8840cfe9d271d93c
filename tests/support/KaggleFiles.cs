using System.Globalization;
using System.IO.Compression;
using System.Text;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;
using SkiaSharp;

namespace KeypointPipeline.TestSupport;

/// <summary>The files of Kaggle's facial keypoints detection, as downloaded, but with a few drawn faces. As in the competition, the first
/// third of the faces has all 15 keypoints. The others have four, which follow a different labelling rule: the nose under its
/// tip, the bottom lip at mid-mouth.</summary>
/// <param name="Training"><c>training.zip</c>.</param>
/// <param name="Test"><c>test.zip</c>.</param>
/// <param name="Lookup"><c>IdLookupTable.csv</c>.</param>
public sealed record KaggleFiles(string Training, string Test, string Lookup)
{
    private const ulong Seed = 2013;
    private const int Side = 96;
    private const float NosePixelsLower = 5;

    private static readonly string[] SparseNames = ["left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip"];

    /// <summary>Draws the files.</summary>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="rows">Faces in each of the two sets.</param>
    public static KaggleFiles Draw(TemporaryFolder folder, int rows)
    {
        var files = new KaggleFiles(folder.File("training.zip"), folder.File("test.zip"), folder.File("IdLookupTable.csv"));
        var training = new StringBuilder().AppendJoin(',', Features(DrawnFace.KeypointNames)).Append(",Image\n");
        var test = new StringBuilder("ImageId,Image\n");
        var lookup = new StringBuilder("RowId,ImageId,FeatureName,Location\n");
        int rowId = 0;
        for (int i = 0; i < rows; i++)
        {
            using var labelled = DrawnFace.Draw(Seed, i, Side);
            training.AppendJoin(',', Labels(labelled, IsSparse(i, rows))).Append(',').Append(Pixels(labelled)).Append('\n');
            using var asked = DrawnFace.Draw(Seed, rows + i, Side);
            test.Append(i + 1).Append(',').Append(Pixels(asked)).Append('\n');
            foreach (string feature in Features(IsSparse(i, rows) ? SparseNames : DrawnFace.KeypointNames))
                lookup.Append(++rowId).Append(',').Append(i + 1).Append(',').Append(feature).Append(",\n");
        }

        Zip(files.Training, "training.csv", training);
        Zip(files.Test, "test.csv", test);
        File.WriteAllText(files.Lookup, lookup.ToString());
        return files;
    }

    private static bool IsSparse(int row, int rows) => 3 * row >= rows;

    private static IEnumerable<string> Features(IEnumerable<string> names) => names.SelectMany(name => new[] { $"{name}_x", $"{name}_y" });

    private static IEnumerable<string> Labels(DrawnFace face, bool sparse)
    {
        Dictionary<string, SKPoint> points = DrawnFace.KeypointNames.Zip(face.Keypoints).ToDictionary(p => p.First, p => p.Second);
        if (sparse)
        {
            SKPoint nose = points["nose_tip"];
            SKPoint top = points["mouth_center_top_lip"];
            SKPoint bottom = points["mouth_center_bottom_lip"];
            points["nose_tip"] = new SKPoint(nose.X, nose.Y + NosePixelsLower);
            points["mouth_center_bottom_lip"] = new SKPoint((top.X + bottom.X) / 2, (top.Y + bottom.Y) / 2);
        }

        return DrawnFace.KeypointNames.SelectMany(name => !sparse || SparseNames.Contains(name)
            ? [Text(points[name].X), Text(points[name].Y)]
            : new[] { "", "" });
    }

    private static string Text(float value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Pixels(DrawnFace face) => string.Join(' ', face.Picture.Pixels.Select(p => (p.Red + p.Green + p.Blue) / 3));

    private static void Zip(string path, string name, StringBuilder content)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open());
        writer.Write(content);
    }
}
